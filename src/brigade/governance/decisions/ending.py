"""How a decision ends: by the last vote, or because nobody decided in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.governance.decisions.asking import BOARD, ask_board, ask_escalated, live_vote
from brigade.governance.decisions.models import Decision
from brigade.governance.decisions.noting import advance, note
from brigade.governance.decisions.queries import locked
from brigade.governance.decisions.timing import silent_at, split_of
from brigade.kernel import instants
from brigade.kernel.approvals.actions import expire
from brigade.kernel.instants import NEVER
from brigade.kernel.parties.operators import operator
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person

OUTCOMES = {"approve": "approved", "reject": "rejected", "lapse": "lapsed"}
BATCH = 100
LOOK_BACK = timedelta(days=182)
"""When an outcome is looked back on where the paper names no day."""
LOOK_AGAIN = timedelta(hours=1)
"""How soon a vote is looked at again that ends by itself."""


def follow_vote(approval: Approval, /, *, by: Person, at: datetime) -> None:
    """Carry a vote's end over to its decision; called in the transaction of the last vote.

    What the body did not decide in time goes to whom the right names. Where that
    person is silent as well, silence has decided.
    """
    row = locked(approval.subject_id)
    if row.outcome:
        return
    first = approval.name == BOARD
    if first:
        row.quorum_at = approval.quorum_at
    if approval.state in ("approved", "rejected"):
        _end(row, approval.state, by=by, at=at, silent=by.is_system and not first)
    elif first:
        _escalate(row, by, at)
    else:
        _end(row, "lapsed", by=by, at=at, silent=True)


def act_on_deadlines(*, at: datetime | None = None, batch: int = BATCH) -> int:
    """Escalate what is past its deadline without a vote, and let silence speak after that.

    Votes that run end by themselves at their deadline. Returns how many decisions
    were written; safe to repeat and to run twice at once.
    """
    instant = at or instants.now()
    due = Decision.objects.filter(next_at__lte=instant).order_by("next_at")
    return sum(_act(pk, instant) for pk in due.values_list("pk", flat=True)[:batch])


def _act(pk: int, at: datetime) -> bool:
    by = operator("Brigade")
    with transaction.atomic():
        row = locked(pk)
        if row.next_at > at:
            return False
        vote = live_vote(row)
        if vote is not None and vote.deadline != NEVER:
            row.next_at = max(vote.deadline, at + LOOK_AGAIN)
            row.save(update_fields=["next_at"])
        elif row.escalated_at is None:
            _escalate(row, by, at)
        else:
            _let_silence_speak(row, vote, by, at)
    return True


def _escalate(row: Decision, by: Person, at: datetime) -> None:
    """Hand the question on: from now on one person decides, or nobody new is asked."""
    person = row.right.escalate_to
    row.escalated_at, row.next_at = at, silent_at(row)
    row.save(update_fields=["escalated_at", "next_at", "quorum_at"])
    facts: dict[str, Any] = {} if person is None else {"escalated_to": person.pk}
    said = {"escalated": at.date().isoformat()}
    tell = ("requester",) if person is None else ("escalated_to", "requester")
    row.record = note(row.record, by=by, origin="system", facts=facts, said=said, tell=tell)
    if person is None or row.record.state != "open":
        return
    try:
        with transaction.atomic():
            ask_escalated(row, by=by, origin="system")
    except Refused:  # whom it would go to has left, or asked for it: the body goes on
        ask_board(row, by=by, origin="system")


def _let_silence_speak(row: Decision, vote: Approval | None, by: Person, at: datetime) -> None:
    if vote is not None:
        expire(vote, by=by)
    _end(row, OUTCOMES[row.right.default_if_silent], by=by, at=at, silent=True)


def _end(row: Decision, outcome: str, *, by: Person, at: datetime, silent: bool = False) -> None:
    """Write how it ended, where its working days went, and what follows."""
    row.decided_at, row.outcome, row.next_at = at, outcome, NEVER
    if row.review_on is None and outcome != "lapsed":
        row.review_on = (at + LOOK_BACK).date()
    row.save(update_fields=["decided_at", "outcome", "next_at", "review_on", "quorum_at"])
    facts: dict[str, Any] = {"outcome": outcome, "latency_wd": split_of(row).total}
    if silent:
        facts["by_silence"] = True
    origin = "system" if by.is_system else "page"
    step = "lapse" if outcome == "lapsed" else "decide"
    row.record = advance(
        row.record, step, by=by, origin=origin, facts=facts, task=_to_do(row, outcome)
    )


def _to_do(row: Decision, outcome: str) -> tuple[str, int | None] | None:
    """Return the task that carries an approved decision out."""
    if outcome != "approved" or row.recommended is None:
        return None
    option = row.options[row.recommended]["title"]
    return _("Carry out: %(option)s") % {"option": option}, row.record.requester_id
