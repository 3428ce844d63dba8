"""How hours are typed: `09:00-12:00 13:00-17:00`, `22:00-06:00`, one line for each day.

Plain Python, used by the form, the API and what is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sized
from datetime import date
from itertools import pairwise
from typing import Final

from brigade.kernel.refused import Invalid
from brigade.kernel.sentences import _

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = tuple[int, int]
"""Begin and end in minutes after midnight of the day it begins on; the end may pass 1440."""

MOST_SPANS: Final = 12
MOST_DAYS: Final = 1000
LONGEST_NAME: Final = 100
FIRST_YEAR, LAST_YEAR = 1970, 2199
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


def read_times(text: str, field: str) -> tuple[Span, ...]:
    """Return the spans of a day, in order; an end not after its begin is on the next day."""
    spans = []
    for piece in re.sub(r"\s*[-–]\s*", "-", text.strip()).replace(",", " ").split():
        found = _TIME.fullmatch(piece)
        if found is None:
            raise Invalid("times", _("Times look like this: 09:00-12:00 13:00-17:00."), field)
        h1, m1, h2, m2 = (int(part) for part in found.groups())
        begin, end = h1 * 60 + m1, h2 * 60 + m2
        if h1 > 23 or m1 > 59 or m2 > 59 or end > 1440:
            raise Invalid("times", _("A day has the times 00:00 to 24:00."), field)
        spans.append((begin, end if end > begin else end + 1440))
    spans.sort()
    if len(spans) > MOST_SPANS:
        raise Invalid("times", _("These are too many times for one day."), field)
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        raise Invalid("times", _("Two of these times overlap."), field)
    return tuple(spans)


def write_times(spans: Iterable[Span]) -> str:
    """Return spans the way `read_times` reads them."""
    return " ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in spans)


def _clock(minutes: int) -> str:
    within = minutes if minutes <= 1440 else minutes - 1440
    return f"{within // 60:02d}:{within % 60:02d}"


def read_day(text: str, field: str, *, yearly: bool = False) -> str:
    """Return a date in its stored form; with `yearly` also a day of every year, 12-25."""
    try:
        if yearly and re.fullmatch(r"\d{2}-\d{2}", text):
            date.fromisoformat(f"2000-{text}")
            return text
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        shapes = _("“%(text)s” is not a day. Write 2026-12-25, or 12-25 for every year.")
        shape = _("“%(text)s” is not a day. Write it like 2026-12-25.")
        raise Invalid("day", (shapes if yearly else shape) % {"text": text[:40]}, field)
    return day.isoformat()


def read_holidays(text: str, field: str = "holidays") -> dict[str, str]:
    """Return the holidays of lines such as `2026-12-25 Christmas Day`."""
    found = {}
    for line in _lines(text, field):
        day, _blank, name = line.partition(" ")
        found[read_day(day, field, yearly=True)] = read_name(name, field)
    return found


def read_exceptions(
    text: str, field: str = "exceptions"
) -> dict[str, tuple[tuple[Span, ...], str]]:
    """Return spans and name for each line such as `2026-12-24 08:00-12:00 Christmas Eve`.

    A line without times closes the day.
    """
    found = {}
    for line in _lines(text, field):
        day, _blank, rest = line.partition(" ")
        times = re.match(rf"(?:{_TIME.pattern}[\s,]*)*", rest.strip())
        taken = times.group() if times else ""
        name = rest.strip()[len(taken) :]
        spans = read_times(taken, field)
        found[read_day(day, field)] = (spans, read_name(name, field))
    return found


def read_name(text: str, field: str) -> str:
    """Return the name of a day on one line."""
    tidy = " ".join(text.split())
    if len(tidy) > LONGEST_NAME or not tidy.isprintable():
        raise Invalid("name", _("The name of a day is short and on one line."), field)
    return tidy


def bounded(days: Sized, field: str) -> None:
    """Refuse more days than a calendar can be about."""
    if len(days) > MOST_DAYS:
        raise Invalid("too_many", _("These are too many days for one calendar."), field)


def _lines(text: str, field: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    bounded(lines, field)
    return lines
