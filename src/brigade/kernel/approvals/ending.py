"""Ending what was not decided: withdrawn, at its deadline, or handed to somebody else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.approvals import deadlines, notices, rules
from brigade.kernel.approvals.access import may_withdraw
from brigade.kernel.approvals.asking import Question, follow_up
from brigade.kernel.approvals.models import Approval
from brigade.kernel.approvals.rules import SINGLE, Rule
from brigade.kernel.approvals.settling import end, follow, locked, standing
from brigade.kernel.parties.operators import operator
from brigade.kernel.recipes.spans import Span
from brigade.kernel.refused import Invalid, NotPermitted, Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

log = structlog.get_logger(__name__)

BATCH = 200


@transaction.atomic
def withdraw(approval: Approval, *, by: Person, reason: str, origin: str = "page") -> Approval:
    """Take a question back, with a reason; nothing follows from it.

    Who asked it may. The rest of its procedure goes with it.
    """
    if not may_withdraw(by, approval):
        raise NotPermitted("not_permitted", _("Only who asked for this decision takes it back."))
    if not reason.strip():
        raise Invalid("no_reason", _("Say why it is taken back."), "reason")
    held = locked(approval)
    now = instants.now()
    end(held, rules.WITHDRAWN, by=by, at=now, origin=origin, reason=reason.strip())
    if held.procedure_id is not None:
        rest = Approval.objects.filter(procedure=held.procedure_id, state__in=("planned", "open"))
        for row in rest.select_for_update():
            end(row, rules.WITHDRAWN, by=by, at=now, origin=origin)
    return held


@transaction.atomic
def expire(approval: Approval, *, by: Person, origin: str = "system") -> Approval:
    """End an approval undecided; nothing follows, because the caller knows what is next."""
    held = locked(approval)
    end(held, rules.EXPIRED, by=by, at=instants.now(), origin=origin)
    return held


@transaction.atomic
def withdraw_all(
    subject_kind: str,
    subject_id: int,
    *,
    by: Person,
    reason: str,
    names: Collection[str] | None = None,
) -> int:
    """Take back whatever is still asked about a subject that is over; return how much it was.

    `names` are those questions alone. Called by the verb that ends the subject, which has
    asked whether `by` may.
    """
    rows = Approval.objects.select_for_update().filter(
        subject_kind=subject_kind, subject_id=subject_id, state__in=("planned", "open")
    )
    rows = rows if names is None else rows.filter(name__in=names)
    for row in (found := list(rows)):
        end(row, rules.WITHDRAWN, by=by, at=instants.now(), origin="system", reason=reason)
    return len(found)


def expire_due(*, at: datetime | None = None, batch: int = BATCH) -> int:
    """End what nobody decided by its deadline, as its question says; return how many ended.

    One index scan. A deadline that stands still does not pass. Safe to repeat and to run
    twice at once.
    """
    now = at or instants.now()
    due = Approval.objects.filter(state="open", deadline__lte=now, held_at__isnull=True).exclude(
        on_timeout=""
    )
    return sum(_tried(row, now) for row in due.order_by("deadline", "pk")[:batch])


def remind_due(*, at: datetime | None = None, batch: int = BATCH) -> int:
    """Remind who has not voted, where a share of the time is over; return how many approvals."""
    now = at or instants.now()
    due = Approval.objects.filter(state="open", remind_at__lte=now, held_at__isnull=True)
    return sum(_reminded(row, now) for row in due.order_by("remind_at", "pk")[:batch])


def _tried(approval: Approval, now: datetime) -> bool:
    """End one; where what follows from it fails, it stays and holds no other back."""
    try:
        return _timed_out(approval, now)
    except Refused as no:
        log.warning("approval_cannot_end", approval=approval.pk, code=no.code)
        return False


@transaction.atomic
def _reminded(approval: Approval, now: datetime) -> bool:
    held = Approval.objects.select_for_update().get(pk=approval.pk)
    if held.state != "open" or held.remind_at > now:
        return False
    mark = held.remind_at.isoformat()
    held.remind_at = deadlines.next_reminder(held, now)
    held.save(update_fields=["remind_at"])
    silent = held.seats.filter(vote="").values_list("person_id", flat=True)
    notices.tell(held, notices.REMINDED, silent, at=now, mark=mark)
    return True


@transaction.atomic
def _timed_out(approval: Approval, now: datetime) -> bool:
    try:
        held = locked(approval)
    except Refused:
        return False
    if held.deadline > now or held.held_at is not None:
        return False
    brigade = operator("Brigade")
    state = rules.at_deadline(*standing(held), held.on_timeout)
    end(held, state, by=brigade, at=now, origin="system")
    escalates = state == rules.EXPIRED and held.on_timeout == Approval.OnTimeout.ESCALATE
    if not escalates or not _handed_on(held, brigade, now):
        follow(held, by=brigade, at=now)
    return True


def _handed_on(held: Approval, by: Person, now: datetime) -> bool:
    """Ask the next person in line, once; return False where nobody could be asked."""
    question = Question(
        name=held.name,
        title=held.title,
        text=held.text,
        seats=(held.escalate_to,),
        rule=Rule(majority=SINGLE, exclude=Rule.from_json(held.rule).exclude),
        authority=held.authority,
        deadline=Span.read(held.span) if held.span else None,
        calendar_version=held.calendar_version_id,
        on_timeout=Approval.OnTimeout.EXPIRE if held.span else "",
    )
    try:
        with transaction.atomic():
            follow_up(held, question, by=by, at=now)
    except Refused:
        return False
    return True
