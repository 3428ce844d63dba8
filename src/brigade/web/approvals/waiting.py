"""What waits for the reader's vote or answer, as lines of the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from brigade.kernel.approvals.queries import approvals_of, asked_back, waiting_for
from brigade.kernel.instants import NEVER, now
from brigade.web.approvals.words import tone

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import Record


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


def lines_of(record: Record, recipe: CompiledRecipe) -> list[tuple[Approval, str]]:
    """Return what was decided or is being decided about a record, newest first, with its tone.

    Where its recipe lets people decide nothing, nothing is asked.
    """
    if not recipe.approvals:
        return []
    return [(one, tone(one)) for one in approvals_of("record", record.pk)]


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
