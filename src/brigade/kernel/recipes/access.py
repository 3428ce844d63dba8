"""Who may do what with recipes."""

from __future__ import annotations

from brigade.kernel.parties.access import holds, may_administer
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.models import Adoption


def may_publish(person: Person) -> bool:
    """Say whether the person may publish a version: administrators and process owners."""
    return may_administer(person) or holds(person, "process_owner")


def may_adopt(person: Person) -> bool:
    """Say whether the person may adopt a practice for the organisation."""
    return may_administer(person) or holds(person, "process_owner")


def may_draft(person: Person, adoption: Adoption) -> bool:
    """Say whether the person may write a draft of a practice: whoever adopts, and its owner."""
    return may_adopt(person) or adoption.owner_id == person.pk


def may_approve_draft(person: Person, adoption: Adoption) -> bool:
    """Say whether the person answers for a practice, and so approves what changes in it.

    Where nobody is named yet, any process owner does.
    """
    if adoption.owner_id is not None:
        return adoption.owner_id == person.pk
    return holds(person, "process_owner")
