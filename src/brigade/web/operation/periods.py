"""The period a figure is about: whole days in the reader's zone, named in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel import dates
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from brigade.kernel import instants
from brigade.kernel.refused import Invalid
from brigade.web.shell.times import locale

LENGTHS: dict[str, tuple[int, str | Promise]] = {
    "7": (7, lazy("7 days")),
    "28": (28, lazy("28 days")),
    "91": (91, lazy("13 weeks")),
    "364": (364, lazy("52 weeks")),
}
USUAL = "28"
MOST_DAYS = 1100
BY_DAY = 45
"""A longer period is shown week by week."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the start of `first` to the end of `last`; `key` is a length, or empty for own days."""

    key: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """The first instant in it."""
        return midnight(self.first)

    @property
    def before(self) -> datetime:
        """The first instant after it."""
        return midnight(self.last + timedelta(days=1))

    def earlier(self) -> Period:
        """Return the period of the same length just before."""
        length = timedelta(days=self.days)
        return Period("", self.first - length, self.last - length)

    def query(self) -> dict[str, str]:
        """Return what names the period in an address."""
        if self.key:
            return {"period": self.key}
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    def words(self) -> str:
        """Return its first and last day."""
        return _("%(first)s to %(last)s") % {"first": day(self.first), "last": day(self.last)}


def midnight(one: date) -> datetime:
    """Return the first instant of a day in the reader's zone."""
    return datetime.combine(one, time(), timezone.get_current_timezone())


def day(one: date) -> str:
    """Return a day in words: "23 Nov 2026"."""
    return dates.format_date(one, "medium", locale=locale())


def short_day(one: date) -> str:
    """Return a day as it stands under a chart: "23 Nov"."""
    return dates.format_skeleton("MMMd", one, locale=locale())


def usual() -> Period:
    """Return the period that is shown when nobody chose one."""
    return _length(USUAL)


def period_of(given: Mapping[str, str]) -> Period:
    """Read an address: a length up to today, or two days. Raises Invalid for impossible days."""
    first, last = given.get("from", "").strip(), given.get("to", "").strip()
    if first or last:
        return _own(_day(first, "from"), _day(last, "to"))
    key = given.get("period", USUAL)
    return _length(key if key in LENGTHS else USUAL)


def _length(key: str) -> Period:
    today = timezone.localdate(instants.now())
    return Period(key, today - timedelta(days=LENGTHS[key][0] - 1), today)


def _own(first: date, last: date) -> Period:
    if last < first:
        raise Invalid("period", _("The last day lies before the first one."), "to")
    if (last - first).days >= MOST_DAYS:
        raise Invalid("period", _("Choose at most three years at once."), "to")
    return Period("", first, last)


def _day(text: str, field: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as odd:
        raise Invalid("day", _("Give a day, such as 2026-11-30."), field) from odd
    if not 1990 <= found.year <= 2200:
        raise Invalid("day", _("Give a day between 1990 and 2200."), field)
    return found
