"""When each value of a configuration row was last changed, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from brigade.kernel.records.models import JournalEntry

if TYPE_CHECKING:
    from datetime import datetime

LOOKED_AT = 200
"""Entries that are read back; an older change is not worth more."""


@dataclass(frozen=True, slots=True)
class Change:
    """The last time a value changed. `who` is a name."""

    at: datetime
    who: str


def last_changes(subject_type: str, subject_id: int) -> dict[str, Change]:
    """Return the last change of each column of a journalled row. Unscoped: who asks may see it."""
    entries = (
        JournalEntry.objects.filter(subject_type=subject_type, subject_id=subject_id)
        .select_related("actor")
        .order_by("-number")[:LOOKED_AT]
    )
    found: dict[str, Change] = {}
    for entry in entries:
        for name in entry.changes or {}:
            found.setdefault(name, Change(entry.at, entry.actor.name if entry.actor else ""))
    return found
