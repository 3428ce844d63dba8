"""Which promise holds: the target that fits best, in the calendar as it then stood.

The targets and the versions of calendars are few and rarely change: each process
keeps them as read, for as long as their stamp (which every write reads anyway)
stays the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from brigade.kernel.calendars.queries import business_time_of
from brigade.kernel.clocks import queries
from brigade.kernel.clocks.engine import Promise, Rule

STOPWATCH = "none"
"""A clock of this target only measures: it has no due time."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A target's wording, as far as finding it asks; instants are UTC."""

    id: int
    key: str
    kind: str
    conditions: Mapping[str, Any]
    customer: int | None
    service: int | None
    offering: int | None
    seconds: int | None
    calendar: int
    valid_from: datetime
    valid_to: datetime | None

    def fits(self, values: Mapping[str, Any], at: datetime) -> bool:
        """Tell whether the target is meant for a record with these values at an instant."""
        if at < self.valid_from or (self.valid_to is not None and at >= self.valid_to):
            return False
        for name in ("customer", "service", "offering"):
            wanted = getattr(self, name)
            if wanted is not None and wanted != values.get(name):
                return False
        return all(
            values.get(name) in (allowed if isinstance(allowed, list) else [allowed])
            for name, allowed in self.conditions.items()
        )

    def rank(self) -> tuple[int, int]:
        """Order from the most particular to the most general, then the stricter first."""
        specific = (
            (self.customer is not None) * 4
            + (self.offering is not None) * 2
            + (self.service is not None)
        )
        return -specific, self.seconds if self.seconds is not None else 2**31


@dataclass(frozen=True, slots=True)
class Book:
    """All targets and calendar versions as they stood at one stamp."""

    wordings: Mapping[str, tuple[Wording, ...]]
    versions: Mapping[int, tuple[tuple[datetime, int], ...]]
    always: int
    moments: tuple[datetime, ...] = ()
    """When a target or a calendar changed, in order."""

    def promise_for(self, rule: Rule, values: Mapping[str, Any], at: datetime) -> Promise | None:
        """Return the promise that holds for a clock over a record's values at an instant."""
        if rule.target == STOPWATCH:
            return Promise(None, None, self.always, business_time_of(self.always))
        fitting = [w for w in self.wordings.get(rule.target, ()) if w.fits(values, at)]
        if not fitting:
            return None
        best = min(fitting, key=Wording.rank)
        version = self._version(best.calendar, at)
        return Promise(best.id, best.seconds, version, business_time_of(version))

    def changes_between(self, after: datetime, until: datetime) -> list[datetime]:
        """Return when a target or a calendar changed, later than `after` and before `until`."""
        first, last = bisect_right(self.moments, after), bisect_left(self.moments, until)
        return list(self.moments[first:last])

    def _version(self, calendar: int, at: datetime) -> int:
        """Return the version in use at an instant: the newest made until then, else the first."""
        made = self.versions[calendar]
        found = [version for since, version in made if since <= at]
        return found[-1] if found else made[0][1]


def book() -> Book:
    """Return the targets and calendars as they stand now."""
    return _book(queries.stamp())


def moments_of(
    wordings: Mapping[str, tuple[Wording, ...]],
    versions: Mapping[int, tuple[tuple[datetime, int], ...]],
) -> tuple[datetime, ...]:
    """Return when a target or a calendar changed, in order and each once."""
    made = [since for of_one in versions.values() for since, _version in of_one[1:]]
    worded = [
        instant
        for of_key in wordings.values()
        for wording in of_key
        for instant in (wording.valid_from, wording.valid_to)
        if instant is not None
    ]
    return tuple(sorted({*made, *worded}))


@lru_cache(maxsize=4)
def _book(stamp: str) -> Book:
    return read_book()


def read_book() -> Book:
    """Return the targets and calendars as this transaction sees them, without keeping them."""
    wordings: dict[str, list[Wording]] = {}
    for row in queries.wordings():
        wordings.setdefault(row[1], []).append(Wording(*row))
    versions: dict[int, list[tuple[datetime, int]]] = {}
    for calendar, since, version in queries.calendar_versions():
        versions.setdefault(calendar, []).append((since, version))
    kept = {key: tuple(rows) for key, rows in wordings.items()}
    made = {calendar: tuple(rows) for calendar, rows in versions.items()}
    return Book(kept, made, queries.always_version(), moments_of(kept, made))
