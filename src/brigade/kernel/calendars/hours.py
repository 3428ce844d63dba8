"""Opening hours as people write them down: wall-clock spans, holidays, exceptions.

Plain Python. A span belongs to the day it begins on, also where it runs into
the next one: a holiday closes the night shift that would have begun on it and
leaves the one that began the evening before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from brigade.kernel.calendars.notation import (
    DAYS,
    Span,
    bounded,
    read_day,
    read_name,
    read_times,
    write_times,
)

DAY: Final = 24 * 60
EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
Week = tuple[tuple[Span, ...], ...]
CLOSED: Final[Week] = ((),) * 7
ALWAYS: Final[Week] = (((0, DAY),),) * 7


@dataclass(frozen=True)
class Exceptional:
    """One day that differs: its spans (none: closed all day) in place of every other rule."""

    spans: tuple[Span, ...]
    name: str = ""


@dataclass(frozen=True)
class Hours:
    """What is written down in one version of a calendar.

    `week` has the spans of Monday to Sunday, in minutes after midnight; an end
    past 1440 is on the next day. `holidays` maps a date (2026-12-25) or a day
    of every year (12-25) to its name, `exceptions` a date to what holds then.
    An exception goes before a holiday, a holiday before the week.
    """

    zone: str
    week: Week = CLOSED
    holidays: Mapping[str, str] = field(default_factory=dict)
    exceptions: Mapping[str, Exceptional] = field(default_factory=dict)

    @cached_property
    def tz(self) -> ZoneInfo:
        """The rules of the zone; raises ZoneInfoNotFoundError for one nobody knows."""
        return ZoneInfo(self.zone)

    @cached_property
    def opens_at_all(self) -> bool:
        """Whether any week has a span. Where none has, only exceptions open."""
        return any(self.week)

    def holiday(self, day: date) -> str | None:
        """Return the name of the holiday on a day (it may be empty), or None."""
        iso = day.isoformat()
        named = self.holidays.get(iso)
        return named if named is not None else self.holidays.get(iso[5:])

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Return the spans that begin on a day."""
        if self.exceptions and (exception := self.exceptions.get(day.isoformat())) is not None:
            return exception.spans
        spans = self.week[day.weekday()]
        return () if spans and self.holidays and self.holiday(day) is not None else spans

    def moments_on(self, day: date) -> list[tuple[int, int]]:
        """Return the same as pairs of UTC epoch seconds, those left out that last no time."""
        spans = self.spans_on(day)
        if not spans:
            return []
        offset = self._steady(day.toordinal())
        if offset is not None:
            midnight = (day.toordinal() - EPOCH_DAY) * 86400 - offset
            return [(midnight + begin * 60, midnight + end * 60) for begin, end in spans]
        edges = [
            (self.instant(day, begin * 60), self.instant(day, end * 60)) for begin, end in spans
        ]
        return [(begin, end) for begin, end in edges if begin < end]

    def _steady(self, ordinal: int) -> int | None:
        """Return the offset around a day in seconds, or None where the clock changes near it."""
        around = {self._midnight_offset(ordinal + n) for n in (-1, 0, 1, 2)}
        return around.pop() if len(around) == 1 else None

    def _midnight_offset(self, ordinal: int) -> int:
        known = self._offsets.get(ordinal)
        if known is None:
            midnight = datetime.fromordinal(ordinal).replace(tzinfo=self.tz)
            known = self._offsets[ordinal] = _offset(midnight)
        return known

    @cached_property
    def _offsets(self) -> dict[int, int]:
        return {}

    def instant(self, day: date, seconds: int) -> int:
        """Return the UTC epoch second of a wall time, `seconds` after midnight of a day.

        A wall time that occurs twice means its first occurrence. One that does
        not occur means the instant at which the clock jumps over it.
        """
        wall = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)
        first = wall.replace(tzinfo=self.tz)
        guess = _seconds(wall) - _offset(first)
        later = _offset(first.replace(fold=1))
        if later <= _offset(first):
            return guess
        return self._jump(_seconds(wall) - later, guess)

    def _jump(self, before: int, after: int) -> int:
        """Return the first second in (before, after] with the offset of `after`."""
        wanted = self._offset_at(after)
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset_at(middle) == wanted:
                after = middle
            else:
                before = middle
        return after

    def _offset_at(self, second: int) -> int:
        return _offset(datetime.fromtimestamp(second, self.tz))


def _offset(instant: datetime) -> int:
    offset = instant.utcoffset()
    assert offset is not None
    return offset.days * 86400 + offset.seconds


def _seconds(wall: datetime) -> int:
    return (
        (wall.toordinal() - EPOCH_DAY) * 86400 + wall.hour * 3600 + wall.minute * 60 + wall.second
    )


def to_content(hours: Hours) -> dict[str, Any]:
    """Return the hours as JSON that `from_content` reads; what is stored in a version."""
    return {
        "weekly": {
            name: write_times(spans) for name, spans in zip(DAYS, hours.week, strict=True) if spans
        },
        "holidays": dict(sorted(hours.holidays.items())),
        "exceptions": {
            day: {"hours": write_times(one.spans), "name": one.name}
            for day, one in sorted(hours.exceptions.items())
        },
    }


def from_content(zone: str, content: Mapping[str, Any]) -> Hours:
    """Return the hours of a stored version; raises Invalid where the content is none."""
    weekly = content.get("weekly", {})
    holidays, exceptions = content.get("holidays", {}), content.get("exceptions", {})
    bounded(holidays, "holidays")
    bounded(exceptions, "exceptions")
    return Hours(
        zone=zone,
        week=tuple(read_times(weekly.get(name, ""), f"weekly_{name}") for name in DAYS),
        holidays={
            read_day(day, "holidays", yearly=True): read_name(name, "holidays")
            for day, name in holidays.items()
        },
        exceptions={
            read_day(day, "exceptions"): Exceptional(
                read_times(one["hours"], "exceptions"),
                read_name(one.get("name", ""), "exceptions"),
            )
            for day, one in exceptions.items()
        },
    )
