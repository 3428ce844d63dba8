"""Who may bring in history from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.access import holds, may_administer

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def may_import(person: Person) -> bool:
    """Return whether the person may import: administrators, and operators at the command line."""
    return may_administer(person)


def may_read_imports(person: Person) -> bool:
    """Return whether the person may see what was imported and what was reported."""
    return may_administer(person) or holds(person, "auditor")
