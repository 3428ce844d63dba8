"""Asking: a question becomes an approval with seats, alone or as steps of a procedure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.approvals import deadlines, notices
from brigade.kernel.approvals.journal import note
from brigade.kernel.approvals.models import Approval, ApprovalSeat
from brigade.kernel.approvals.rules import PLANNED, Rule, Seat, refuse_unreachable
from brigade.kernel.approvals.seating import Place, SeatWord, Table, seated
from brigade.kernel.approvals.subjects import Subject, parts_in
from brigade.kernel.instants import NEVER
from brigade.kernel.recipes.spans import Span
from brigade.kernel.records.canonical import check_text
from brigade.kernel.refused import Invalid

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

REMINDERS = (50, 80)
"""At which shares of the time, in percent, who has not voted is reminded."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of whom, under which rule, and by when.

    `title` and `text` tell the seats what they decide on; a record is shown beside them.
    `seats` are words or sittings (`seating.SeatWord`). `deadline` is an instant or a span
    (`5d` are working days) of the calendar version, by default that of boards.
    `on_timeout`: "" nothing happens, "expire", "approve", "reject", or "escalate", which
    asks `escalate_to` (a seat word) next. `counted_from` is where reminders count from,
    `authority` a typed reference to the right by which is decided ("decision_right:4").
    """

    name: str
    title: str
    seats: tuple[SeatWord, ...]
    rule: Rule = field(default_factory=Rule)
    text: str = ""
    deadline: datetime | Span | None = None
    calendar_version: int | None = None
    on_timeout: str = ""
    escalate_to: str = ""
    authority: str = ""
    counted_from: datetime | None = None
    reminders: tuple[int, ...] = REMINDERS


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when, about what, and what matters to who may sit."""

    subject: Subject
    by: Person
    at: datetime
    origin: str
    concerned: Mapping[str, Iterable[int]]
    scopes: Mapping[str, int | None]

    @property
    def table(self) -> Table:
        """What seats are found by."""
        return Table(self.subject, self.scopes, self.at)


@transaction.atomic
def ask(
    subject: Subject,
    question: Question,
    *,
    by: Person,
    concerned: Mapping[str, Iterable[int]] | None = None,
    scopes: Mapping[str, int | None] | None = None,
    origin: str = "page",
) -> Approval:
    """Ask people to decide on a subject; they find it in their inbox and by mail.

    `concerned` names by "requester" and "implementer" who has a part in it and does not
    decide (a record's own people are known); `scopes` maps a type of scope ("service")
    to the row in which roles count. The caller has asked whether `by` may. Refused
    (`approval_unreachable`) where these people could never carry it.
    """
    now = instants.now()
    return _asked(Asking(subject, by, now, origin, concerned or {}, scopes or {}), question)


@transaction.atomic
def ask_in_steps(
    subject: Subject,
    steps: Sequence[Sequence[Question]],
    *,
    by: Person,
    concerned: Mapping[str, Iterable[int]] | None = None,
    scopes: Mapping[str, int | None] | None = None,
    origin: str = "page",
) -> list[Approval]:
    """Ask several questions: those of one step side by side, each step after the one before.

    One that is not given ends the procedure. Seats are found for all of them now, so that
    a later step that nobody could carry refuses at once.
    """
    now = instants.now()
    asking = Asking(subject, by, now, origin, concerned or {}, scopes or {})
    made: list[Approval] = []
    for number, questions in enumerate(steps):
        for question in questions:
            first = made[0] if made else None
            made.append(_asked(asking, question, step=number, procedure=first))
    if made:
        Approval.objects.filter(pk=made[0].pk).update(procedure=made[0])
        made[0].procedure = made[0]
    return made


def follow_up(before: Approval, question: Question, *, by: Person, at: datetime) -> Approval:
    """Ask what ended undecided of somebody else."""
    subject = Subject(before.subject_kind, before.subject_id)
    asking = Asking(subject, by, at, "system", before.concerned, {})
    return _asked(asking, question, follows=before, step=before.step, procedure=before.procedure)


def _asked(
    asking: Asking,
    question: Question,
    *,
    step: int = 0,
    procedure: Approval | None = None,
    follows: Approval | None = None,
) -> Approval:
    parts = parts_in(asking.subject, asking.concerned)
    places = seated(question.seats, question.rule, asking.table, parts)
    seats = [Seat(key, frozenset(place.roles)) for key, place in places.items()]
    refuse_unreachable(question.rule, seats)
    approval = _row(asking, question, parts)
    approval.step, approval.procedure, approval.follows = step, procedure, follows
    approval.save()
    _seat(approval, places)
    if not step or follows is not None:
        open_now(approval, by=asking.by, at=asking.at, origin=asking.origin)
    return approval


def _row(asking: Asking, question: Question, parts: Mapping[str, Sequence[int]]) -> Approval:
    if not question.title.strip():
        raise Invalid("no_title", _("Say what is decided."), "title")
    if question.on_timeout == "escalate" and not question.escalate_to:
        raise Invalid("nobody_next", _("Say whom it goes to when nobody decides."), "escalate_to")
    calendar = question.calendar_version or deadlines.calendar_of_boards()
    given = question.deadline
    return Approval(
        subject_kind=asking.subject.kind, subject_id=asking.subject.id,
        name=question.name, title=check_text(question.title.strip(), "title", most=300),
        text=check_text(question.text.strip(), "text"), rule=question.rule.as_json(),
        authority=question.authority, concerned=dict(parts), asked_by=asking.by,
        asked_at=asking.at, calendar_version_id=calendar, state=PLANNED,
        span=str(given) if isinstance(given, Span) else "",
        deadline=given if isinstance(given, datetime) else NEVER,
        counted_from=question.counted_from, reminders=list(question.reminders),
        on_timeout=question.on_timeout, escalate_to=question.escalate_to,
    )  # fmt: skip


def _seat(approval: Approval, places: Mapping[int, Place]) -> None:
    ApprovalSeat.objects.bulk_create(
        ApprovalSeat(
            approval=approval, person_id=key, roles=sorted(place.roles), via=sorted(place.via)
        )
        for key, place in sorted(places.items())
    )


def open_now(approval: Approval, *, by: Person, at: datetime, origin: str) -> None:
    """Put a planned approval before its seats; its time begins to run."""
    approval.state, approval.opened_at = Approval.State.OPEN, at
    if approval.span:
        span = Span.read(approval.span)
        approval.deadline = deadlines.after(at, span, approval.calendar_version_id)
    approval.remind_at = deadlines.next_reminder(approval, at)
    approval.save()
    approval.seats.update(waiting_since=at)
    note(approval, by=by, at=at, origin=origin, title=approval.title, status="open")
    people = approval.seats.values_list("person_id", flat=True)
    notices.tell(approval, notices.ASKED, people, at=at)


def single(question: Question) -> Question:
    """Return the question as one person decides it for all."""
    return replace(question, rule=Rule(majority="single", exclude=question.rule.exclude))
