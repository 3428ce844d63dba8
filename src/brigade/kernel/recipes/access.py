"""Who may do what with recipes."""

from __future__ import annotations

from brigade.kernel.parties.access import holds, may_administer
from brigade.kernel.parties.models import Person


def may_publish(person: Person) -> bool:
    """Say whether the person may publish a version: administrators and process owners."""
    return may_administer(person) or holds(person, "process_owner")


def may_adopt(person: Person) -> bool:
    """Say whether the person may adopt a practice for the organisation."""
    return may_administer(person) or holds(person, "process_owner")
