"""Plain values before they are rows: a record's columns, and what a journal entry says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

COLUMNS: dict[str, str] = {
    "title": "text",
    "description": "text",
    "state": "text",
    "state_category": "text",
    "category": "text",
    "impact": "smallint",
    "urgency": "smallint",
    "priority": "smallint",
    "priority_fact": "text",
    "requester_id": "bigint",
    "customer_id": "bigint",
    "service_id": "bigint",
    "offering_id": "bigint",
    "ci_kind": "text",
    "ci_id": "bigint",
    "team_id": "bigint",
    "assignee_id": "bigint",
    "provider_id": "bigint",
    "channel": "text",
    "recipe_version_id": "bigint",
    "data": "jsonb",
    "confidential": "boolean",
    "active_at": "timestamptz",
    "waiting_at": "timestamptz",
    "resolved_at": "timestamptz",
    "closed_at": "timestamptz",
    "updated_at": "timestamptz",
    "timer": "text",
    "timer_due": "timestamptz",
    "next_due": "timestamptz",
}
"""Columns of a record that a verb may write, with their PostgreSQL types."""

FIXED: dict[str, str] = {
    "kind": "text",
    "opened_by_id": "bigint",
    "opened_at": "timestamptz",
    "source": "text",
    "source_id": "text",
}
"""Columns that are given once, when the record is opened."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What a journal entry says, before it is numbered and chained.

    `words` are the searchable words it adds, for the desk and, where the entry
    is public, for the requester too.
    """

    at: datetime
    actor_id: int | None
    kind: str
    visibility: str
    origin: str
    transition: str = ""
    body: str | None = None
    changes: Mapping[str, Any] | None = None
    os_user: str = ""
    source_row: str | None = None
    words: str = ""
    public_words: str = ""
    outbox: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    clocks: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    segments: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def with_changes(self, more: Mapping[str, Any]) -> EntryRow:
        """Return the entry with further changes, before those it has."""
        return replace(self, changes={**more, **(self.changes or {})})


class Written(NamedTuple):
    """What the database gave back for a write."""

    record_id: int
    number: str
    entry_number: int
    head: bytes
