"""Who may word a target, and who may read what is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.access import is_operator, is_staff, may_administer
from brigade.kernel.parties.held import holds

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.services.models import Service


def may_read_targets(person: Person) -> bool:
    """Return whether the person may read what is promised: everybody who works here."""
    return may_administer(person) or is_staff(person)


def may_word_target(person: Person, service: Service | None) -> bool:
    """Return whether the person may word or end a target.

    The process owner words every one, a service's owner those of the service.
    """
    if is_operator(person) or holds(person, "process_owner"):
        return True
    return service is not None and service.owner_id == person.pk and holds(person, "service_owner")
