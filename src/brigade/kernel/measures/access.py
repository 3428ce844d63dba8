"""Who may read figures, and who may close a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.held import grants_of, holds
from brigade.kernel.records.access import Standing, clauses

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

READERS = (
    "agent", "team_lead", "process_owner", "service_owner", "change_manager", "vendor_manager",
    "portfolio_manager", "auditor", "admin",
)  # fmt: skip


def may_read_figures(person: Person) -> bool:
    """Tell whether a person works on what is counted or answers for it."""
    return any(holds(person, role) for role in READERS)


def may_close_periods(person: Person) -> bool:
    """Tell whether a person owns the process, everywhere: freezing and restating is theirs."""
    return any(
        grant.role == "process_owner" and grant.scope_type == "all" for grant in grants_of(person)
    )


def sees_whole(person: Person | None, kind: str) -> bool:
    """Tell whether a person reads records of a kind wherever they are, as a frozen value counts."""
    if person is None:
        return True
    everywhere = (("confidential", frozenset({False})),)
    return everywhere in clauses(Standing.of(person), "read", kind)
