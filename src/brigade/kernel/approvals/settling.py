"""How an approval ends, and what follows: its procedure, whom is told, who asked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.approvals import handlers, notices, rules
from brigade.kernel.approvals.asking import open_now
from brigade.kernel.approvals.journal import note
from brigade.kernel.approvals.models import Approval
from brigade.kernel.approvals.rules import Rule, Seat, outcome, quorum_met, whole
from brigade.kernel.approvals.subjects import kinds_of
from brigade.kernel.instants import NEVER
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def locked(approval: Approval) -> Approval:
    """Return the approval as it stands now, kept from others until the transaction ends.

    Refused (`not_open`) unless it is open: votes count only while it is.
    """
    held = Approval.objects.select_for_update().get(pk=approval.pk)
    if held.state != Approval.State.OPEN:
        raise Refused(
            "not_open",
            _("This is no longer open: it is %(state)s.")
            % {"state": held.get_state_display().lower()},
        )
    return held


def standing(approval: Approval) -> tuple[Rule, list[Seat], dict[int, str]]:
    """Return the rule, the seats and the live votes by seat."""
    rows = list(approval.seats.order_by("pk"))
    seats = [Seat(row.pk, frozenset(row.roles)) for row in rows]
    return Rule.from_json(approval.rule), seats, {row.pk: row.vote for row in rows if row.vote}


def settle(approval: Approval, *, by: Person, at: datetime, origin: str) -> None:
    """Note a quorum that is met first now, and end the approval if it is certain."""
    rule, seats, votes = standing(approval)
    if not quorum_met(rule, votes):
        approval.quorum_at = None
    elif approval.quorum_at is None:
        approval.quorum_at = at
    verdict = outcome(rule, seats, votes)
    if verdict == rules.OPEN:
        approval.save()
        return
    end(approval, verdict, by=by, at=at, origin=origin)
    follow(approval, by=by, at=at)


def end(
    approval: Approval, state: str, *, by: Person, at: datetime, origin: str, reason: str = ""
) -> None:
    """Write down how an approval ended and tell who asked; nothing follows from it yet."""
    approval.state, approval.decided_at = state, at
    approval.remind_at, approval.held_at = NEVER, None
    approval.save()
    note(approval, by=by, at=at, origin=origin, body=reason, status=state)
    asked = {approval.asked_by_id, *approval.concerned.get("requester", ())} - {by.pk}
    notices.tell(approval, notices.ENDED, asked, at=at)


def follow(approval: Approval, *, by: Person, at: datetime) -> None:
    """Let what was decided take effect: open the next step, or tell the room that asked."""
    if approval.procedure_id is not None and not _whole_is_over(approval, by=by, at=at):
        return
    react = handlers.follower(kinds_of(approval))
    if react is not None:
        react(approval, by=by, at=at)


def _whole_is_over(approval: Approval, *, by: Person, at: datetime) -> bool:
    """Open the next step where one is due; return whether the whole procedure has its answer.

    One that is not given ends it: what is still asked beside or after it is withdrawn. What
    expired and was asked of somebody else does not count, its follow-up does.
    """
    rows = list(
        Approval.objects.select_for_update(of=("self",))
        .filter(procedure=approval.procedure_id, followed_by__isnull=True)
        .order_by("step", "pk")
    )
    numbers = sorted({row.step for row in rows})
    steps = [[row.state for row in rows if row.step == number] for number in numbers]
    verdict, opens = whole(steps)
    if opens is not None:
        for row in rows:
            if row.step == numbers[opens]:
                open_now(row, by=by, at=at, origin="system")
    if verdict == rules.REJECTED:
        for row in rows:
            if row.state in (rules.PLANNED, rules.OPEN):
                end(row, rules.WITHDRAWN, by=by, at=at, origin="system")
    return verdict != rules.OPEN
