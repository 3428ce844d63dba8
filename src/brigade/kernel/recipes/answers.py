"""The answers to an upgrade as a text: one for each path that is asked.

facets.core.timers.autoclose.after: retain
facets.core.policies: {merge: [Restore first], why: both are right}
facets.core.timers.wake.at: {move: facets.core.timers.again.at}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brigade.kernel.recipes.differences import MISSING
from brigade.kernel.recipes.errors import SHAPE, LintError, RecipeError
from brigade.kernel.recipes.parse_yaml import plain, text_of
from brigade.kernel.recipes.settling import Answer
from brigade.kernel.refused import Invalid
from brigade.kernel.sentences import _


def answers_in(text: str | bytes) -> dict[str, Answer]:
    """Return the answers by path; Invalid with line and reason of what is none."""
    try:
        data, lines = plain(text_of(text))
    except RecipeError as fault:
        raise _unread(fault) from None
    told: dict[str, Answer] = {}
    wrong: list[LintError] = []
    for path, value in data.items():
        answer = answer_of(value)
        if answer is None:
            said = _("Answer with retain, revert, {merge: VALUE} or {move: PATH}.")
            wrong.append(LintError(SHAPE, said, str(path), lines.get(str(path))))
        else:
            told[str(path)] = answer
    if wrong:
        raise _unread(RecipeError(wrong))
    return told


def answer_of(value: Any) -> Answer | None:
    """Return an answer of plain data, None where it is none."""
    if value in ("retain", "revert", "merge"):
        return Answer(value)
    if not isinstance(value, Mapping) or set(value) - {"merge", "move", "why"}:
        return None
    why, path = value.get("why", ""), value.get("move", "")
    if not (isinstance(why, str) and isinstance(path, str)):
        return None
    if ("merge" in value) == bool(path):
        return None
    return Answer("merge", to=value.get("merge", MISSING), path=path, why=why.strip())


def _unread(fault: RecipeError) -> Invalid:
    said = _("The answers cannot be read: %(errors)s") % {"errors": str(fault)}
    return Invalid("unreadable_answers", said, "answers")
