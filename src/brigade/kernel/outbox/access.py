"""Who may look into the outbox, and who may send again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.instants import now
from brigade.kernel.parties.queries import grants_of

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

WHOLE = frozenset({"admin", "auditor"})
"""Roles that see every message, also those that belong to no record."""

OF_RECORDS = frozenset({"team_lead", "process_owner"})
"""Roles that see the messages of the records they may read in full."""


def _roles(person: Person) -> set[str]:
    return {grant.role for grant in grants_of(person, now())} if person.is_active else set()


def may_see_outbox(person: Person) -> bool:
    """Tell whether the person has a part of the outbox to look at."""
    return bool(_roles(person) & (WHOLE | OF_RECORDS))


def may_see_every_message(person: Person) -> bool:
    """Tell whether the person sees also what belongs to no record: resets, invitations."""
    return bool(_roles(person) & WHOLE)


def may_retry(person: Person) -> bool:
    """Tell whether the person may send again what they can see; an auditor only looks."""
    return bool(_roles(person) & (OF_RECORDS | {"admin"}))


def may_suppress(person: Person) -> bool:
    """Tell whether the person may decide that an address gets no mail."""
    return "admin" in _roles(person)
