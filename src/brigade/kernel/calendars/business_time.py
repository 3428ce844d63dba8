"""Open time, exact to the second: how much passed, and when so much will have passed.

Plain Python. The hours are compiled once to sorted arrays of UTC epoch seconds,
where daylight saving is settled: opening i lasts from starts[i] to ends[i], and
before[i] and after[i] say how many open seconds have passed at its two edges.
Every question is then a binary search, however long the time in question.

One convention at the edges. An opening holds from its first second to the one
before its closing edge. Where one and the same amount of open time is reached
over a whole closed time (at 17:00, and still at 09:00 the next day), the edge
nearest to where the counting started is meant: counting forward ends at the
closing edge, counting backward at the opening edge. Counting nothing stays where
it is while open, and ends at the next opening while closed. An instant counts as
the second it falls in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from brigade.kernel.calendars.hours import Hours
from brigade.kernel.calendars.schedule import (
    EVER,
    ONE_DAY,
    NeverOpen,
    Period,
    Schedule,
    instant,
    second,
)

__all__ = ["EVER", "Calendar", "NeverOpen", "Period"]

ORIGIN: Final = 2000
"""Open seconds are counted from the start of this year in UTC; earlier ones are negative."""
FIRST, LAST = 1900, 2300
"""Nothing is asked about, and nothing waited for, beyond these years."""

Pauses = Iterable[tuple[datetime, datetime]]


def new_year(year: int) -> int:
    """Return the UTC epoch second at which a year begins."""
    return second(datetime(year, 1, 1, tzinfo=UTC))


class Compiled(NamedTuple):
    """Openings from the start of one year to the start of another, both UTC."""

    first: int
    last: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    after: list[int]


class Calendar(Schedule):
    """A calendar over all its versions. Grows by itself when asked about further years."""

    def __init__(
        self, hours: Hours | Sequence[Period], years: tuple[int, int] = (ORIGIN, 2041)
    ) -> None:
        super().__init__([Period(EVER, hours)] if isinstance(hours, Hours) else hours)
        self._made = self._compile(*years)

    def open_seconds(self, start: datetime, end: datetime, pauses: Pauses = ()) -> int:
        """Return the open seconds from `start` to `end`; pauses (begin, end) do not count.

        None passed where `end` comes first; `counted` has signed differences.
        """
        a, b = second(start), second(end)
        if b <= a:
            return 0
        paused = sum(self._between(low, high) for low, high in _within(pauses, a, b))
        return self._between(a, b) - paused

    def add_open_seconds(self, start: datetime, seconds: int, pauses: Pauses = ()) -> datetime:
        """Return when so many open seconds have passed, or had still to pass if negative.

        Pauses (begin, end) stop the counting. Raises NeverOpen where there is
        not that much open time.
        """
        at, left = second(start), abs(seconds)
        if seconds >= 0:
            for low, high in _within(pauses, at, new_year(LAST)):
                run = self._between(at, low)
                if left <= run:
                    break
                at, left = high, left - run
            return instant(self._ahead(at, left))
        for low, high in reversed(_within(pauses, new_year(FIRST), at)):
            run = self._between(high, at)
            if left <= run:
                break
            at, left = low, left - run
        return instant(self._back(at, left))

    def counted(self, at: datetime) -> int:
        """Return the open seconds between the origin and an instant: what a clock may store."""
        return self._counted(second(at))

    def instant_counted(self, seconds: int) -> datetime:
        """Return the first instant at which `counted` is so much."""
        return instant(self._reached(seconds))

    def is_open(self, at: datetime) -> bool:
        """Return whether it is open at an instant."""
        moment = second(at)
        made = self._cover(moment, moment)
        found = bisect_right(made.starts, moment) - 1
        return found >= 0 and moment < made.ends[found]

    def next_opening(self, at: datetime) -> datetime:
        """Return the first open instant from `at` on; raises NeverOpen."""
        moment = second(at)
        return instant(self._latest(self._counted(moment), moment))

    def openings(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return the open times between two instants, in order, cut at both."""
        a, b = second(start), second(end)
        made = self._cover(a, b)
        low, high = bisect_right(made.ends, a), bisect_left(made.starts, b)
        return [
            (instant(max(a, made.starts[i])), instant(min(b, made.ends[i])))
            for i in range(low, high)
        ]

    def compiled(self, first: int, last: int) -> Compiled:
        """Return the openings of the years `first` to before `last`, cut at both, for a table."""
        low, high = new_year(first), new_year(last)
        made = self._cover(low, high - 1)
        i, j = bisect_right(made.ends, low), bisect_left(made.starts, high)
        starts, ends, before, after = (list(each[i:j]) for each in made[2:])
        if starts and starts[0] < low:
            starts[0], before[0] = low, self._counted(low)
        if ends and ends[-1] > high:
            ends[-1], after[-1] = high, after[-1] - (ends[-1] - high)
        return Compiled(first, last, starts, ends, before, after)

    def _between(self, a: int, b: int) -> int:
        return self._counted(b) - self._counted(a)

    def _counted(self, at: int) -> int:
        made = self._cover(at, at)
        i = bisect_right(made.starts, at) - 1
        if i < 0:
            return made.before[0] if made.before else 0
        return made.before[i] + min(at, made.ends[i]) - made.starts[i]

    def _ahead(self, at: int, left: int) -> int:
        counted = self._counted(at)
        return self._reached(counted + left) if left else self._latest(counted, at)

    def _back(self, at: int, left: int) -> int:
        wanted = self._counted(at) - left
        while (not self._made.before or wanted < self._made.before[0]) and self._made.first > FIRST:
            self._grow(self._made.first - 40, self._made.last)
        return self._latest(wanted, new_year(FIRST))

    def _reached(self, wanted: int) -> int:
        """Return the first epoch second at which so many open seconds have passed."""
        made = self._made
        while (not made.after or made.after[-1] < wanted) and made.last < LAST:
            made = self._grow(made.first, made.last + 40)
        i = bisect_left(made.after, wanted)
        if i == len(made.after) or wanted < made.before[0]:
            raise NeverOpen("there is not that much open time")
        return made.ends[i] - (made.after[i] - wanted)

    def _latest(self, wanted: int, not_before: int) -> int:
        """Return the last epoch second at which only so many open seconds have passed."""
        made = self._made
        while (not made.after or made.after[-1] <= wanted) and made.last < LAST:
            made = self._grow(made.first, made.last + 40)
        i = bisect_right(made.after, wanted)
        if i == len(made.after) or wanted < made.before[0]:
            raise NeverOpen("there is not that much open time")
        return max(not_before, made.starts[i] + wanted - made.before[i])

    def _cover(self, low: int, high: int) -> Compiled:
        made = self._made
        if new_year(made.first) <= low and high < new_year(made.last):
            return made
        first, last = instant(low).year, instant(high).year + 1
        if first < FIRST or last > LAST:
            raise NeverOpen("no calendar reaches that far")
        return self._grow(min(first, made.first), max(last, made.last))

    def _grow(self, first: int, last: int) -> Compiled:
        self._made = self._compile(max(first, FIRST), min(last, LAST))
        return self._made

    def _compile(self, first: int, last: int) -> Compiled:
        starts, ends = _merged(self._cut(new_year(first), new_year(last)))
        origin, passed = new_year(ORIGIN), 0
        for start, end in zip(starts, ends, strict=True):
            passed -= max(0, min(end, origin) - start)
        if first > ORIGIN:
            passed = sum(end - start for start, end in self._cut(origin, new_year(first), True))
        before, after = [], []
        for start, end in zip(starts, ends, strict=True):
            before.append(passed)
            passed += end - start
            after.append(passed)
        return Compiled(first, last, starts, ends, before, after)

    def _cut(self, low: int, high: int, merged: bool = False) -> list[tuple[int, int]]:
        """Return the openings of every period between two epoch seconds."""
        found: list[tuple[int, int]] = []
        ends = [period.begins for period in self.periods[1:]] + [high]
        for period, until in zip(self.periods, ends, strict=True):
            a, b = max(low, period.begins), min(high, until)
            found += _openings(period.hours, a, b) if a < b else []
        found.sort()
        return list(zip(*_merged(found), strict=True)) if merged else found


def _openings(hours: Hours, a: int, b: int) -> list[tuple[int, int]]:
    if not hours.opens_at_all and not hours.exceptions:
        return []
    day: date = instant(a).date() - 3 * ONE_DAY
    last = instant(b).date() + 2 * ONE_DAY
    found = []
    while day <= last:
        for start, end in hours.moments_on(day):
            if start < b and end > a:
                found.append((max(a, start), min(b, end)))
        day += ONE_DAY
    return found


def _merged(openings: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return starts and ends with those that meet or overlap made one; input sorted."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in openings:
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _within(pauses: Pauses, a: int, b: int) -> list[tuple[int, int]]:
    """Return pauses as sorted, separate pairs of epoch seconds between `a` and `b`."""
    cut = [(max(a, second(begin)), min(b, second(end))) for begin, end in pauses]
    starts, ends = _merged(sorted(pair for pair in cut if pair[0] < pair[1]))
    return list(zip(starts, ends, strict=True))
