"""Cells that hold an instant. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Outside these an instant is a slip of the source (0000-00-00, year 9999), not a date."""


def instant_reader(forms: tuple[str, ...], zone_name: str) -> Callable[[str], datetime | None]:
    """Return a function from a cell to an instant in UTC, or None where it holds none.

    `forms` are tried in order: `iso`, or patterns of strptime. An instant
    without an offset is wall-clock time of the zone; in the hour that autumn
    repeats it is the first one.
    """
    zone = ZoneInfo(zone_name)

    @lru_cache(maxsize=100_000)
    def read(cell: str) -> datetime | None:
        for form in forms:
            try:
                wall = (
                    datetime.fromisoformat(cell) if form == "iso" else datetime.strptime(cell, form)
                )
                at = (wall if wall.tzinfo else wall.replace(tzinfo=zone)).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            return at if EARLIEST <= at < LATEST else None
        return None

    return read


def written(at: datetime) -> str:
    """Return an instant as the journal writes it: `2016-02-29T06:10:00+00:00`."""
    return at.isoformat()
