"""What a recipe has decided by people: asked as a record comes to a state, followed when it ends.

A state that a recipe names under `approvals` asks as it is entered, and takes back what is
still open as it is left. Guards read the answer as `approved('name')`; once an approval
has ended, the transitions `by: [system]` whose guard asks for it are tried.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel.approvals import actions
from brigade.kernel.approvals.queries import given, live_approval, procedure_of
from brigade.kernel.approvals.rules import in_order
from brigade.kernel.outbox.notify import SILENT_ORIGINS
from brigade.kernel.parties.operators import operator
from brigade.kernel.recipes.elements import in_language, plain_words
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.lint_approvals import PARTS
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.recipes.reactions import Approval as Wanted
from brigade.kernel.recipes.reactions import Timeout
from brigade.kernel.recipes.spans import Span
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Refused
from brigade.kernel.work.holders import holders

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.cel import Expression
    from brigade.kernel.work.step import Step


_APPROVED = re.compile(r"approved\(\s*['\"]([^'\"]*)['\"]\s*\)")


class Given:
    """The names of the approvals given for a record, read only if an expression asks."""

    def __init__(self, record_id: int | None) -> None:
        self._record_id = record_id

    def __contains__(self, name: object) -> bool:
        return self._record_id is not None and name in given("record", self._record_id)


def wants(step: Step) -> bool:
    """Return whether a step asks people to decide, or takes such a question back."""
    if not step.recipe.approvals or step.way.origin in SILENT_ORIGINS:
        return False
    return bool(step.asked or any(_entered(step)) or any(_left(step)))


def carry_out(step: Step, record_id: int) -> None:
    """Take back what the state that was left had asked, and ask what the new one wants.

    Runs in the transaction of the step, which is undone where nobody could decide.
    """
    if not wants(step):
        return
    for name in _left(step):
        open_one = live_approval("record", record_id, name)
        if open_one is not None:
            actions.withdraw_all(
                "record", record_id, by=step.way.by, names=[name],
                reason=_("The record has moved on."),
            )  # fmt: skip
    wanted = step.recipe.approvals
    new = {
        name: names(wanted[name].after)
        for name in dict.fromkeys([*_entered(step), *step.asked])
        if live_approval("record", record_id, name) is None
    }
    for steps in in_order(new):
        _ask(
            step,
            record_id,
            [[_question(step, name, wanted[name]) for name in one] for one in steps],
        )


def _entered(step: Step) -> Iterator[str]:
    return _changed(step, step.get("state"), step.before.get("state"))


def _left(step: Step) -> Iterator[str]:
    return _changed(step, step.before.get("state"), step.get("state"))


def _changed(step: Step, there: str | None, not_there: str | None) -> Iterator[str]:
    """Yield the approvals that one state wants and another does not."""
    for name, wanted in step.recipe.approvals.items():
        states = names(wanted.in_)
        if there in states and not_there not in states:
            yield name


def _ask(step: Step, record_id: int, steps: Sequence[Sequence[actions.Question]]) -> None:
    subject = actions.Subject("record", record_id)
    by, origin = step.way.by, step.way.origin
    if len(steps) == 1 and len(steps[0]) == 1:
        actions.ask(subject, steps[0][0], by=by, origin=origin)
    else:
        actions.ask_in_steps(subject, steps, by=by, origin=origin)


def _question(step: Step, name: str, wanted: Wanted) -> actions.Question:
    label = in_language(wanted.label) if wanted.label else plain_words(name)
    return actions.Question(
        name=name,
        title=f"{label}: {step.get('title')}"[:300],
        seats=tuple(f"role:{role}" for role in names(wanted.approvers)),
        rule=rule_of(wanted),
        deadline=Span.read(wanted.deadline) if wanted.deadline else None,
        on_timeout=_timeout(wanted),
        escalate_to=_next(wanted),
    )


def rule_of(wanted: Wanted) -> actions.Rule:
    """Return the rule that a recipe's quorum is."""
    quorum = wanted.quorum
    if quorum is None:
        return actions.Rule()
    rule = actions.Rule(
        min=quorum.min,
        of=quorum.of,
        majority=quorum.majority,
        must=tuple(names(quorum.must)),
        veto=tuple(names(quorum.veto)),
    )
    if quorum.exclude is None:
        return rule
    kept_out = [PARTS.get(role, role) for role in names(quorum.exclude)]
    return actions.Rule.from_json(rule.as_json() | {"exclude": kept_out})


def _timeout(wanted: Wanted) -> str:
    return "escalate" if isinstance(wanted.on_timeout, Timeout) else wanted.on_timeout or ""


def _next(wanted: Wanted) -> str:
    ends = wanted.on_timeout
    return f"role:{ends.escalate}" if isinstance(ends, Timeout) else ""


def behind(record_id: int, role: str, at: datetime) -> Sequence[int]:
    """Return who stands behind a role where a record is concerned."""
    from brigade.kernel.work.step import Step, Way

    record = Record.objects.get(pk=record_id)
    return holders(role, Step.on(record, Way(operator("Brigade"), "system", at)))


def _follow(approval: Approval, /, *, by: Person, at: datetime) -> None:
    """Fire the first transition of the system that waited for this answer and is allowed now.

    One that refuses leaves the record where it is: the answer stands, and people move it.
    """
    from brigade.kernel.work.moving import SYSTEM, move

    record = Record.objects.get(pk=approval.subject_id)
    recipe = recipe_version(record.recipe_version_id)
    names_asked = procedure_of(approval)
    for step in recipe.transitions_from(record.state):
        if SYSTEM in step.by and step.guard is not None and _asks_for(step.guard, names_asked):
            with suppress(Refused), transaction.atomic():
                move(record, step.key, by=operator("Brigade"), origin="system", as_system=True)
                return


def _asks_for(guard: Expression, asked: Collection[str]) -> bool:
    return not set(_APPROVED.findall(guard.source)).isdisjoint(asked)


def register() -> None:
    """Tell the approvals room who stands behind a role on a record, and what follows."""
    actions.resolve_roles("record", behind)
    actions.on_decided("record", _follow)
