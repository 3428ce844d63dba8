"""Who may word a decision right, and who may read who decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.access import is_operator, is_staff, may_administer
from brigade.kernel.parties.held import grants_of

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

WORDS = frozenset({"portfolio_manager", "process_owner"})


def may_read_rights(person: Person) -> bool:
    """Return whether the person may read who decides what: everybody who works here."""
    return may_administer(person) or is_staff(person)


def may_word_rights(person: Person) -> bool:
    """Return whether the person words decision rights: portfolio managers and process owners."""
    return is_operator(person) or any(
        grant.role in WORDS and grant.scope_type == "all" for grant in grants_of(person)
    )
