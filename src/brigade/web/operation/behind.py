"""From a figure to its rows: the address of the queue that lists exactly what was counted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from brigade.web.work.queue_filter import (
    NOBODY,
    OPEN,
    OPEN_CATEGORIES,
)
from brigade.web.work.queue_query import (
    ANY,
    BOUNDS,
)

if TYPE_CHECKING:
    from brigade.kernel.records.lists import ListFilter


def rows_behind(wanted: ListFilter | None) -> str | None:
    """Return the queue's address for a filter; None where no filter says what was counted."""
    if wanted is None:
        return None
    query: dict[str, list[str]] = {"view": [ANY]}
    if wanted.categories:
        whole = set(wanted.categories) == set(OPEN_CATEGORIES)
        query["category"] = [OPEN] if whole else list(wanted.categories)
    query["team"] = [str(one) for one in wanted.teams]
    query["priority"] = [str(one) for one in wanted.priorities]
    if wanted.unassigned or wanted.assignee is not None:
        query["assignee"] = [NOBODY if wanted.unassigned else str(wanted.assignee)]
    for name in BOUNDS:
        bound: datetime | None = getattr(wanted, name)
        query[name] = [_written(bound)] if bound is not None else []
    return f"{reverse('queue')}?{urlencode(query, doseq=True)}"


def _written(bound: datetime) -> str:
    """Return an instant for an address, whole where it can be: `2026-11-24T00:00:00Z`."""
    return bound.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
