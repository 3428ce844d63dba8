"""Which fields of a record are columns, and under which name."""

from __future__ import annotations

REFERENCES = frozenset(
    {"requester", "customer", "service", "offering", "team", "assignee", "provider"}
)
"""Fields that are columns ending in `_id`."""

PLAIN = frozenset(
    {
        "title",
        "description",
        "category",
        "impact",
        "urgency",
        "priority",
        "priority_fact",
        "confidential",
        "channel",
        "state",
        "ci_kind",
        "ci_id",
    }
)
"""Fields that are columns under their own name; every other field lies in `data`."""
