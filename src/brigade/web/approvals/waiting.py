"""What waits for the reader's vote or answer, as lines of the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from brigade.kernel.approvals.queries import asked_back, waiting_for
from brigade.kernel.instants import NEVER, now

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person


@dataclass(frozen=True, slots=True)
class Waiting:
    """One decision that waits: since when, until when (None: no date), for whom else it is."""

    title: str
    address: str
    since: datetime | None
    until: datetime | None
    late: bool
    asked_by: str
    instead_of: str = ""
    answers: bool = False


def waiting_lines(person: Person) -> list[Waiting]:
    """Return the votes that wait for the person, soonest first, then what they were asked back."""
    votes = [
        _line(seat.approval, seat.waiting_since, "" if seat.person_id == person.pk
              else seat.person.name)
        for seat in waiting_for(person)
    ]  # fmt: skip
    answers = [_line(one, one.held_at, "", answers=True) for one in asked_back(person)]
    return [*votes, *answers]


def _line(
    one: Approval, since: datetime | None, instead_of: str, *, answers: bool = False
) -> Waiting:
    return Waiting(
        title=one.title,
        address=reverse("approval", args=[one.pk]),
        since=since,
        until=None if one.deadline == NEVER or answers else one.deadline,
        late=one.deadline <= now() and not answers,
        asked_by=one.asked_by.name,
        instead_of=instead_of,
        answers=answers,
    )
