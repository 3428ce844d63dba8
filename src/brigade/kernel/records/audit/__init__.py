"""Sealing the chains, proving that nothing in them was changed, and erasing with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from brigade.kernel.records.audit.queries import (
    Fault,
    broken_entries,
    broken_heads,
    broken_seals,
    journal_size,
)
from brigade.kernel.records.audit.writes import seal

__all__ = ["Fault", "Verdict", "seal", "verify"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. `faults` is empty where every chain holds."""

    entries: int
    chains: int
    seals: int
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Tell whether every entry, head and seal is as it was written."""
        return not self.faults


def verify(limit: int = 100) -> Verdict:
    """Recompute every hash in SQL and compare numbers, heads and seals.

    Returns at most `limit` faults of each sort, each naming its record or
    subject and the entry's number.
    """
    size = journal_size()
    faults = [*broken_entries(limit), *broken_heads(limit), *broken_seals(limit)]
    return Verdict(size.entries, size.chains, size.seals, tuple(faults))
