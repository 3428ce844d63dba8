"""Readiness: the evidence a recipe asks for before a level is raised, as it stands now.

A level is read from the recipe, installed or not: where the installed recipe says
nothing of a level, the outline of the library does. The rooms that hold the rows
answer, each of them registering what it can tell when the app starts; this room
knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable

from brigade.kernel.recipes import library
from brigade.kernel.recipes.evidence import Answer, Asked, Evidence, asked, judged
from brigade.kernel.recipes.manifests import manifests

Check = Callable[[str, Asked], Answer]
"""Answers a question about the records of a kind."""

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Let a room answer one kind of question; doing it twice changes nothing."""
    _checks[name] = check


def readiness(key: str, level: int) -> list[Evidence]:
    """Return the evidence for raising a practice to a level, in the recipe's order.

    Each piece is met, not met or not known, with its figure (`num` of `den`) and a
    sentence; what has no data says so. Only the evidence of this level: whoever
    skips one asks for each level on the way. Empty where nothing is asked, or no
    such practice is in the library. Counts the whole installation, unscoped: for
    whoever may adopt.
    """
    kind = kind_of(key)
    return [_answered(kind, asked(sentence)) for sentence in evidence_for(key, level)]


def evidence_for(key: str, level: int) -> list[str]:
    """Return the sentences a recipe lists for a level: its own, else those of its outline."""
    document = library.installed().get(key)
    own = document.recipe.readiness.get(level) if document else None
    manifest = manifests().get(key)
    return list(own or (manifest.readiness.get(level, []) if manifest else []))


def kind_of(key: str) -> str:
    """Return the kind of record a practice works on; one not installed is named after itself."""
    document = library.installed().get(key)
    return document.recipe.record.kind if document else key


def _answered(kind: str, question: Asked) -> Evidence:
    check = _checks.get(question.check)
    return judged(question, check(kind, question) if check else None)
