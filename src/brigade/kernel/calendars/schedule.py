"""Which hours hold when, and arithmetic in working days.

Plain Python. A working day is one on which something opens. An instant belongs
to the working day whose span it lies in, its closing edge included, so that
four in the morning of a night shift still is the day the shift began on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, overload

from brigade.kernel.calendars.hours import Hours

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EVER: Final = -(1 << 62)
"""The beginning of hours that have held as long as anybody can ask about."""
SECOND: Final = timedelta(seconds=1)
ONE_DAY: Final = timedelta(days=1)
LONGEST_GAP: Final = 366 * 10
"""Days without an opening after which nobody waits for one any more."""


class NeverOpen(ValueError):
    """There is not that much open time, however long one waits."""


@dataclass(frozen=True)
class Period:
    """Hours, and the UTC epoch second from which they hold until the next period begins."""

    begins: int
    hours: Hours


def second(instant: datetime) -> int:
    """Return the UTC epoch second an instant falls in; raises ValueError without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (instant - EPOCH) // SECOND


def instant(seconds: int) -> datetime:
    """Return the instant at which an epoch second begins, in UTC."""
    return EPOCH + timedelta(seconds=seconds)


class Schedule(ABC):
    """The hours of a calendar over all its versions."""

    def __init__(self, periods: Sequence[Period]) -> None:
        if not periods:
            raise ValueError("a calendar needs hours")
        self.periods: tuple[Period, ...] = tuple(periods)

    @abstractmethod
    def next_opening(self, at: datetime) -> datetime:
        """Return the first open instant from `at` on."""

    def hours_at(self, at: int) -> Hours:
        """Return the hours that hold at an epoch second."""
        held = [period for period in self.periods if period.begins <= at]
        return (held or self.periods[:1])[-1].hours

    def hours_on(self, day: date) -> Hours:
        """Return the hours that hold when a day begins."""
        guess = self.periods[-1].hours.instant(day, 0)
        return self.hours_at(self.hours_at(guess).instant(day, 0))

    def is_working_day(self, day: date) -> bool:
        """Return whether anything opens on a day."""
        return bool(self.hours_on(day).moments_on(day))

    def working_day(self, at: datetime) -> date | None:
        """Return the working day that an instant belongs to; None while closed."""
        moment = second(at)
        local = at.astimezone(self.hours_at(moment).tz).date()
        spans = [
            (begin, end, day)
            for day in (local, local - ONE_DAY)
            for begin, end in self.hours_on(day).moments_on(day)
        ]
        inside = [day for begin, end, day in spans if begin <= moment < end]
        closing = [day for _begin, end, day in spans if moment == end]
        return (inside + closing + [None])[0]

    @overload
    def add_working_days(self, start: datetime, days: int) -> datetime: ...
    @overload
    def add_working_days(self, start: date, days: int) -> date: ...
    def add_working_days(self, start: date, days: int) -> date:
        """Return the day, or the instant, that many working days later (earlier if negative).

        What starts while closed starts at the next opening. An instant keeps
        its wall time; where that is closed on the day it comes to, the next
        opening is meant. Raises NeverOpen where too few working days follow.
        """
        if not isinstance(start, datetime):
            return self._step(self._first_from(start), days)
        moment = start if self.working_day(start) else self.next_opening(start)
        began = self.working_day(moment)
        assert began is not None
        wall = instant(second(moment)).astimezone(self.hours_on(began).tz).replace(tzinfo=None)
        after_midnight = wall - datetime(began.year, began.month, began.day)
        reached = self._step(began, days)
        hours = self.hours_on(reached)
        found = hours.instant(reached, after_midnight // SECOND)
        if any(begin <= found <= end for begin, end in hours.moments_on(reached)):
            return instant(found)
        return self.next_opening(instant(found))

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days one has to add to come from one day to the other.

        Of instants, the days they belong to count. Negative where `end` comes first.
        """
        first, last = self._day_of(start), self._day_of(end)
        if last < first:
            return -self._count(last, first)
        return self._count(first, last)

    def _day_of(self, given: date) -> date:
        if not isinstance(given, datetime):
            return self._first_from(given)
        day = self.working_day(given) or self.working_day(self.next_opening(given))
        assert day is not None
        return day

    def _count(self, first: date, last: date) -> int:
        length = (last - first).days
        return sum(self.is_working_day(first + timedelta(days=n + 1)) for n in range(length))

    def _first_from(self, day: date) -> date:
        return day if self.is_working_day(day) else self._step(day, 1)

    def _step(self, day: date, days: int) -> date:
        way = ONE_DAY if days >= 0 else -ONE_DAY
        left, waited = abs(days), 0
        while left:
            day += way
            working = self.is_working_day(day)
            left, waited = left - working, 0 if working else waited + 1
            if waited > LONGEST_GAP:
                raise NeverOpen("no working day follows")
        return day
