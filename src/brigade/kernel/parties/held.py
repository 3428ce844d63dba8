"""What a person holds at an instant: roles in scopes, and teams.

The lowest reads of the room: everything that asks "may they?" stands on these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from brigade.kernel import instants
from brigade.kernel.parties import writes
from brigade.kernel.parties.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from brigade.kernel.parties.models import Person


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a scope and the half-open period it holds for; `scope_id` is None for "all"."""

    role: str
    scope_type: str
    scope_id: int | None
    valid_from: datetime
    valid_to: datetime | None

    def in_force(self, at: datetime) -> bool:
        """Return whether the grant holds at `at`."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class Membership:
    """A team somebody works in, whether they lead it, and for how long."""

    team_id: int
    leads: bool
    valid_from: datetime
    valid_to: datetime | None

    def in_force(self, at: datetime) -> bool:
        """Return whether the membership holds at `at`."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class Held:
    """Everything one person holds, past, present and to come; filtered by instant when asked."""

    grants: tuple[Grant, ...]
    memberships: tuple[Membership, ...]


_NOTED = "_held"


def held_by(person: Person) -> Held:
    """Return all that `person` holds: one statement, or none when noted on this very object."""
    noted: Held | None = person.__dict__.get(_NOTED)
    return noted if noted is not None else _load(person)


def note_rights(person: Person, held: Held | None = None) -> Person:
    """Keep the rights on this one object, for the length of one request, and return it.

    A counter does this once it knows who is asking, so that a page asks the
    database once. Never note on an object that outlives the request.
    """
    person.__dict__[_NOTED] = held if held is not None else _load(person)
    return person


def _load(person: Person) -> Held:
    grants: list[Grant] = []
    memberships: list[Membership] = []
    for is_grant, role, scope_type, target, start, end, _id in writes.held_rows(person.pk):
        if is_grant:
            grants.append(Grant(role, scope_type, target, start, end))
        elif target is not None:
            memberships.append(Membership(target, role == "leads", start, end))
    return Held(tuple(grants), tuple(memberships))


def grants_of(person: Person, at: datetime | None = None) -> list[Grant]:
    """Return the grants in force at `at` (default now). A disabled person has none."""
    instant = at or instants.now()
    return [grant for grant in held_by(person).grants if grant.in_force(instant)]


def holds(person: Person, role: str, at: datetime | None = None) -> bool:
    """Return whether the person holds `role` in any scope. Everybody active is a requester."""
    if role == "requester":
        return person.is_active and not person.is_system
    return any(grant.role == role for grant in grants_of(person, at))


def teams_of(person: Person, at: datetime | None = None) -> list[int]:
    """Return the ids of the teams a person works in or leads at `at` (default now)."""
    return _teams(person, at, leading_only=False)


def teams_led_by(person: Person, at: datetime | None = None) -> list[int]:
    """Return the ids of the teams a person leads at `at` (default now)."""
    return _teams(person, at, leading_only=True)


def _teams(person: Person, at: datetime | None, *, leading_only: bool) -> list[int]:
    instant = at or instants.now()
    return sorted(
        {
            membership.team_id
            for membership in held_by(person).memberships
            if membership.in_force(instant) and (membership.leads or not leading_only)
        }
    )


def organisations_below(roots: Iterable[int]) -> set[int]:
    """Return `roots` and every organisation under them: one query a level."""
    found = set(roots)
    frontier = found
    while frontier:
        below = Organisation.objects.filter(parent_id__in=frontier).values_list("id", flat=True)
        frontier = set(below) - found
        found = found | frontier
    return found


def organisations_above(organisation_id: int | None) -> set[int]:
    """Return an organisation and every one it is part of: one query a level."""
    found: set[int] = set()
    here = organisation_id
    while here is not None and here not in found:
        found.add(here)
        here = Organisation.objects.values_list("parent_id", flat=True).get(pk=here)
    return found
