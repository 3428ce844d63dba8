"""The one clock that business time is read from.

SQL never asks the database for a business instant: every instant is decided
here, so that a test or a simulation can move it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands where nothing is due; a null would drop out of a row-value comparison."""

_fixed: ContextVar[datetime | None] = ContextVar("brigade_instant", default=None)


def now() -> datetime:
    """Return the present instant in UTC, or the one that `at_instant` set."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def at_instant(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` (aware) inside the block, for tests and simulation."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
