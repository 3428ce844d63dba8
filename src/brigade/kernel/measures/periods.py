"""Periods of figures: whole months, quarters, years and weeks of the reporting zone. Pure.

A period is half open: its first instant counts, its end does not. Days begin at
midnight of the zone, so that a month over a daylight-saving change is an hour
shorter or longer than its days say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Length = Literal["week", "month", "quarter", "year"]
LENGTHS: Final[dict[Length, str]] = {
    "week": r"(\d{4})-W(\d{2})",
    "month": r"(\d{4})-(\d{2})",
    "quarter": r"(\d{4})-Q([1-4])",
    "year": r"(\d{4})",
}
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
EARLIEST: Final = 1990
LATEST: Final = 2200


@dataclass(frozen=True, slots=True)
class Period:
    """One period, `[first, beyond)` in days; `key` names it: 2026-03, 2026-Q1, 2026, 2026-W12."""

    length: Length
    first: date
    beyond: date
    zone: str

    @property
    def key(self) -> str:
        """Its name, in addresses and on the command line."""
        match self.length:
            case "week":
                year, week, _day = self.first.isocalendar()
                return f"{year:04}-W{week:02}"
            case "month":
                return f"{self.first:%Y-%m}"
            case "quarter":
                return f"{self.first.year:04}-Q{(self.first.month + 2) // 3}"
            case _:
                return f"{self.first.year:04}"

    @property
    def start(self) -> datetime:
        """Its first instant, in UTC."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant after it, in UTC."""
        return midnight(self.beyond, self.zone)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.beyond - timedelta(days=1)

    def step(self, by: int) -> Period:
        """Return the period of the same length so many later, or earlier."""
        if self.length == "week":
            return _week(self.first + timedelta(weeks=by), self.zone)
        months = self.first.year * 12 + self.first.month - 1 + by * _MONTHS[self.length]
        return _months(self.length, date(months // 12, months % 12 + 1, 1), self.zone)

    def leading(self, count: int) -> list[Period]:
        """Return `count` periods of this length, this one the last."""
        return [self.step(back) for back in range(1 - count, 1)]


def midnight(day: date, zone: str) -> datetime:
    """Return the first instant of a day in a zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def period_at(at: datetime, zone: str, length: Length = "month") -> Period:
    """Return the period of a length that an instant lies in."""
    day = at.astimezone(ZoneInfo(zone)).date()
    if length == "week":
        return _week(day - timedelta(days=day.weekday()), zone)
    span = _MONTHS[length]
    return _months(length, date(day.year, (day.month - 1) // span * span + 1, 1), zone)


def period_named(key: str, zone: str) -> Period | None:
    """Read a period's name; None where it is none."""
    for length, pattern in LENGTHS.items():
        found = re.fullmatch(pattern, key, re.ASCII)
        if found is None:
            continue
        year, *rest = map(int, found.groups())
        number = rest[0] if rest else 1
        if not EARLIEST <= year <= LATEST:
            return None
        try:
            if length == "week":
                return _week(date.fromisocalendar(year, number, 1), zone)
            return _months(length, date(year, (number - 1) * _MONTHS[length] + 1, 1), zone)
        except ValueError:
            return None
    return None


def _week(monday: date, zone: str) -> Period:
    return Period("week", monday, monday + timedelta(weeks=1), zone)


def _months(length: Length, first: date, zone: str) -> Period:
    months = first.year * 12 + first.month - 1 + _MONTHS[length]
    return Period(length, first, date(months // 12, months % 12 + 1, 1), zone)
