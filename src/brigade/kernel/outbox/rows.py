"""A message before it is a row: plain values that a hot statement can insert.

The records room stands below this one and knows nothing of messages: it takes
the dicts of `as_json()` and inserts them in the statement that writes the
journal entry, filling in state, instants, record and entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message to one receiver, to be queued with what caused it.

    `hold_seconds` is how long it waits before the first attempt, so that the
    person who caused it can undo. Without a `dedupe_key` the statement names the
    message after channel, topic, record, number of the entry and receiver.
    """

    channel: str
    topic: str
    dedupe_key: str | None = None
    recipient_id: int | None = None
    address: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    hold_seconds: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the row as `jsonb_to_recordset` takes it, one key per column."""
        return {name: getattr(self, name) for name in self.__slots__}
