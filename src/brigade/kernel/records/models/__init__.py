"""Rows of the room: the record, its journal, and what hangs on it."""

from brigade.kernel.records.models.journal import JournalEntry, Seal, SealHead
from brigade.kernel.records.models.record import Record, SearchRow
from brigade.kernel.records.models.side import (
    File,
    IdempotencyKey,
    Link,
    SavedView,
    Task,
    Watcher,
)

__all__ = [
    "File",
    "IdempotencyKey",
    "JournalEntry",
    "Link",
    "Record",
    "SavedView",
    "Seal",
    "SealHead",
    "SearchRow",
    "Task",
    "Watcher",
]
