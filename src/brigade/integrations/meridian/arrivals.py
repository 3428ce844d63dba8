"""When work arrives: by hour, weekday and month of the reader's clock, seeded."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")

HOURS = (
    0.3, 0.2, 0.2, 0.2, 0.3, 0.6, 1.6, 4.2, 8.6, 10.4, 9.8, 8.4,
    6.2, 7.8, 8.8, 8.0, 6.6, 4.4, 2.6, 1.8, 1.4, 1.0, 0.7, 0.5,
)  # fmt: skip
"""Share of a day's arrivals in each hour of the clock in London; only ratios count."""
WEEKDAYS = (1.16, 1.08, 1.02, 1.00, 0.94, 0.24, 0.14)
"""Arrivals of a day from Monday to Sunday, relative to each other."""
MONTHS = (1.14, 1.04, 1.02, 0.98, 0.96, 0.94, 0.88, 0.82, 1.06, 1.08, 1.06, 0.86)
"""Arrivals of a month from January to December, relative to each other."""
YEAR = 5_400
"""Arrivals in a year."""


def rate(hour: datetime) -> float:
    """Return the relative rate of arrivals in the hour that begins at `hour` (aware)."""
    local = hour.astimezone(ZONE)
    return HOURS[local.hour] * WEEKDAYS[local.weekday()] * MONTHS[local.month - 1]


def arrivals(start: datetime, end: datetime, random: Random, year: int = YEAR) -> list[datetime]:
    """Return instants between `start` and `end`, in order, at `year` arrivals in 365 days.

    The slots of a year are put in order of their hour, then weekday, then date,
    and arrivals are laid along their summed rates at equal distances from a
    random start: so every hour and weekday gets its share to within one, while
    the days and the minutes inside a slot are left to chance.
    """
    first = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    slots = [first + timedelta(hours=n) for n in range(int((end - first) / timedelta(hours=1)) + 1)]
    slots.sort(key=lambda slot: (*_class(slot), random.random()))
    total = list(accumulate(rate(slot) for slot in slots))
    count = round(year * (end - start) / timedelta(days=365))
    begin = random.random()
    found = (
        slots[bisect_left(total, (number + begin) / count * total[-1])]
        + timedelta(seconds=random.randrange(3600))
        for number in range(count)
    )
    return sorted(instant for instant in found if start <= instant < end)


def _class(slot: datetime) -> tuple[int, int]:
    local = slot.astimezone(ZONE)
    return local.hour, local.weekday()
