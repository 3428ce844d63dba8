"""The numbers of the navigation: what needs somebody, never how much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.approvals.queries import waiting_count
from brigade.kernel.outbox.notices import unread_count
from brigade.kernel.parties.held import teams_of
from brigade.kernel.records.lists import counts
from brigade.web.work.queue_filter import (
    ME,
    MINE,
    NOBODY,
    filter_of,
)

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

CAP = 99
"""Beyond this it says 99+."""


def inbox(person: Person) -> int:
    """Return how many notices are unread and how many decisions wait."""
    return unread_count(person) + waiting_count(person)


def queue(person: Person) -> int:
    """Return how much open work is one's own, or one's teams' and nobody's yet."""
    own = {"mine": filter_of(person, {"category": ["open"], "assignee": [ME]})}
    if teams_of(person):
        free = {"category": ["open"], "assignee": [NOBODY], "team": [MINE]}
        own["free"] = filter_of(person, free)
    return sum(counts(person, own, CAP).values())
