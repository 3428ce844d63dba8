"""Hours as a page shows them: the week, a year day by day, and what is special in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from babel import dates
from django.utils.translation import gettext as _

from brigade.kernel.calendars.notation import write_times
from brigade.web.shell import times

if TYPE_CHECKING:
    from brigade.kernel.calendars.business_time import Calendar
    from brigade.kernel.calendars.hours import Hours
    from brigade.kernel.calendars.notation import Span

ONE_DAY = timedelta(days=1)
WHOLE_DAY = 24 * 3600


@dataclass(frozen=True)
class Weekday:
    """A day of the week: its times in words, and bars over 24 hours as (begin, length)."""

    name: str
    times: list[str]
    bars: list[tuple[int, int]]


@dataclass(frozen=True)
class Cell:
    """A day of the year; `words` say what holds.

    `kind`: open, closed, holiday (closed on that date only), exception (other hours).
    """

    day: date
    kind: str
    words: str


@dataclass(frozen=True)
class Month:
    """A month as weeks from Monday to Sunday; None stands for a day of another month."""

    name: str
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Special:
    """A day with a name or hours of its own, or on which the clock changes."""

    when: str
    name: str
    holds: str


def weekday_names(width: Literal["wide", "narrow"] = "wide") -> list[str]:
    """Return Monday to Sunday in the reader's language; `width` as Babel has it."""
    names = dates.get_day_names(width, context="stand-alone", locale=times.locale())
    return [str(names[day]) for day in range(7)]


def in_words(spans: tuple[Span, ...]) -> str:
    """Return the times of a day."""
    if not spans:
        return _("closed")
    return _("all day") if spans == ((0, 1440),) else write_times(spans).replace("-", "–")


def week(hours: Hours) -> list[Weekday]:
    """Return the seven days of a week, each with what the night before brings over."""
    found = []
    for number, name in enumerate(weekday_names()):
        spans = hours.week[number]
        night = [(0, end - 1440) for _b, end in hours.week[number - 1] if end > 1440]
        bars = night + [(begin, min(end, 1440)) for begin, end in spans]
        whole = not spans or spans == ((0, 1440),)
        words = [in_words(spans)] if whole else in_words(spans).split()
        if night and not spans:
            words = [_("until %(time)s") % {"time": write_times(night)[-5:]}]
        found.append(Weekday(name, words, [(begin, end - begin) for begin, end in bars]))
    return found


def months(time: Calendar, year: int) -> list[Month]:
    """Return the twelve months of a year."""
    names = dates.get_month_names("wide", context="stand-alone", locale=times.locale())
    return [Month(str(names[number]), _weeks(time, year, number)) for number in range(1, 13)]


def _weeks(time: Calendar, year: int, month: int) -> list[list[Cell | None]]:
    first = date(year, month, 1)
    cells: list[Cell | None] = [None] * first.weekday()
    cells += [_cell(time, day) for day in _days(year) if day.month == month]
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += ONE_DAY


def _cell(time: Calendar, day: date) -> Cell:
    hours = time.hours_on(day)
    words, name = in_words(hours.spans_on(day)), hours.holiday(day)
    exception = hours.exceptions.get(day.isoformat())
    if exception is not None:
        kind = "exception" if exception.spans else "holiday"
        return Cell(day, kind, f"{exception.name}: {words}" if exception.name else words)
    if name is not None:
        return Cell(day, "holiday", name or _("Holiday"))
    return Cell(day, "open" if hours.spans_on(day) else "closed", words)


def specials(time: Calendar, year: int) -> list[Special]:
    """Return what is special in a year, in order."""
    found = []
    for day in _days(year):
        cell, hours = _cell(time, day), time.hours_on(day)
        when = dates.format_date(day, "EEE d MMM", locale=times.locale())
        if cell.kind in ("holiday", "exception"):
            exception = hours.exceptions.get(day.isoformat())
            name = exception.name if exception else hours.holiday(day)
            kind = _("Exception") if exception else _("Holiday")
            found.append(Special(when, name or kind, in_words(hours.spans_on(day))))
        length = hours.instant(day + ONE_DAY, 0) - hours.instant(day, 0)
        if length != WHOLE_DAY:
            found.append(Special(when, _("The clock changes"), _day_of(length)))
    return found


def _day_of(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    if minutes:
        return _("a day of %(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("a day of %(hours)d h") % {"hours": hours}


def open_days(time: Calendar, year: int) -> tuple[int, timedelta]:
    """Return how many working days a year has, and how much open time begins in it."""
    lengths = [
        sum(end - begin for begin, end in time.hours_on(day).moments_on(day)) for day in _days(year)
    ]
    return sum(length > 0 for length in lengths), timedelta(seconds=sum(lengths))
