"""Who may read figures, and who may close a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.held import grants_of, holds
from brigade.kernel.records.access import Standing, clauses

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

READERS = (
    "agent", "team_lead", "process_owner", "service_owner", "change_manager", "vendor_manager",
    "portfolio_manager", "finance", "auditor", "admin",
)  # fmt: skip


def may_read_figures(person: Person) -> bool:
    """Tell whether a person works on what is counted or answers for it."""
    return any(holds(person, role) for role in READERS)


def counts_as(person: Person | None) -> Person | None:
    """Return in whose name figures are counted; None counts everything.

    Whoever minds the money everywhere reads every figure, of which they see the
    numbers and not the records behind them.
    """
    if person is None or any(
        grant.role == "finance" and grant.scope_type == "all" for grant in grants_of(person)
    ):
        return None
    return person


def may_close_periods(person: Person) -> bool:
    """Tell whether a person owns the process, everywhere: freezing and restating is theirs."""
    return any(
        grant.role == "process_owner" and grant.scope_type == "all" for grant in grants_of(person)
    )


def sees_whole(person: Person | None, kind: str) -> bool:
    """Tell whether a person reads records of a kind wherever they are, as a frozen value counts."""
    person = counts_as(person)
    if person is None:
        return True
    everywhere = (("confidential", frozenset({False})),)
    return everywhere in clauses(Standing.of(person), "read", kind)
