"""Instants, durations, sizes and numbers in the reader's zone and language.

The zone and the language are those that `ReaderMiddleware` activated.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from babel import dates, numbers
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from brigade.kernel import instants

LOCALES: Final = {"en": "en_GB", "de": "de_DE"}
UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def locale() -> str:
    """Return Babel's name for the active language; English is written the 24 hour way."""
    return LOCALES.get((translation.get_language() or "en")[:2], "en_GB")


def localtime(instant: datetime | None, form: str = "long") -> str:
    """Return the instant in the reader's zone.

    `form` is `long` ("26 November 2026, 22:00"), `full` (with weekday and zone),
    `date` ("26 Nov 2026"), `time` ("22:00"), `day` ("Thursday 26 November") or
    `input` (for a datetime-local field).
    """
    if instant is None:
        return ""
    zone = timezone.get_current_timezone()
    return _written(instant, form, zone, translation.get_language() or "en")


@lru_cache(maxsize=5000)
def _written(instant: datetime, form: str, zone: tzinfo, _language: str) -> str:
    """Return it in the active language; kept, because a page writes the same ones again."""
    local = instant.astimezone(zone)
    if form == "input":
        return local.strftime("%Y-%m-%dT%H:%M")
    if form == "date":
        return dates.format_date(local, "medium", locale=locale())
    if form == "time":
        return dates.format_time(local, "short", tzinfo=local.tzinfo, locale=locale())
    if form == "day":
        return _skeleton("MMMMEEEEd", local)
    words = {
        "date": dates.format_date(local, "full" if form == "full" else "long", locale=locale()),
        "time": dates.format_time(local, "short", tzinfo=local.tzinfo, locale=locale()),
    }
    if form != "full":
        return _("%(date)s, %(time)s") % words
    words["zone"] = dates.get_timezone_name(local, width="short", locale=locale())
    return _("%(date)s, %(time)s %(zone)s") % words


def short(instant: datetime) -> str:
    """Return the instant as briefly as it stays clear: "13 min", "14:50", "Thu 22:00", "23 Nov"."""
    local = instant.astimezone(timezone.get_current_timezone())
    today = instants.now().astimezone(local.tzinfo)
    minutes = round((today - local).total_seconds() / 60)
    if abs(minutes) < 1:
        return _("now")
    if 0 < minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if -60 < minutes < 0:
        return _("in %(minutes)d min") % {"minutes": -minutes}
    if local.date() == today.date():
        return localtime(instant, "time")
    if abs((local.date() - today.date()).days) < 7:
        return dates.format_datetime(local, "EEE HH:mm", tzinfo=local.tzinfo, locale=locale())
    return _skeleton("MMMd" if local.year == today.year else "yMMMd", local)


def day_end(instant: datetime) -> datetime:
    """Return when the reader's day that an instant lies in ends."""
    local = instant.astimezone(timezone.get_current_timezone())
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _skeleton(fields: str, local: datetime) -> str:
    return dates.format_skeleton(fields, local, tzinfo=local.tzinfo, locale=locale())


def when(instant: datetime | None) -> Markup:
    """Return a `time` element: brief words, the full instant in its title and for machines."""
    if instant is None:
        return Markup("")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        instant.isoformat(timespec="seconds"), localtime(instant, "full"), short(instant)
    )


def duration(value: timedelta | float | int | None) -> str:
    """Return a length of time (a timedelta, or seconds) in at most two units: "1 h 30 min"."""
    if value is None:
        return ""
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    minutes = int(abs(seconds) // 60)
    if minutes < 1:
        return _("under a minute")
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        words = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
        return _("%(days)s %(hours)d h") % {"days": words, "hours": hours} if hours else words
    if hours and rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    if hours:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(minutes)d min") % {"minutes": rest}


def tick_words() -> dict[str, str]:
    """Return the words of `duration` and of clocks as patterns, for those that tick in a page."""
    return {
        "left": _("%(time)s left"),
        "over": _("%(time)s over"),
        "short": _("under a minute"),
        "day": ngettext("%(n)d day", "%(n)d days", 1),
        "days": ngettext("%(n)d day", "%(n)d days", 2),
        "day_hours": _("%(days)s %(hours)d h"),
        "hour_minutes": _("%(hours)d h %(minutes)d min"),
        "hours": _("%(hours)d h"),
        "minutes": _("%(minutes)d min"),
    }


def hours(seconds: int | None, *, exact: bool = False) -> str:
    """Return working time in hours and minutes, never in days; `exact` to the second."""
    if seconds is None:
        return ""
    words = {"hours": seconds // 3600, "minutes": seconds // 60 % 60, "seconds": seconds % 60}
    if exact and words["seconds"]:
        return _("%(hours)d h %(minutes)d min %(seconds)d s") % words
    if words["hours"] and words["minutes"]:
        return _("%(hours)d h %(minutes)d min") % words
    return (_("%(hours)d h") if words["hours"] else _("%(minutes)d min")) % words


def number(value: float | int | None, places: int = 0) -> str:
    """Return a figure with the reader's separators and exactly `places` decimals."""
    if value is None:
        return ""
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return numbers.format_decimal(value, pattern, locale=locale())


def filesize(size: int | None) -> str:
    """Return a number of bytes in the largest unit that keeps it above one: "1.4 MB"."""
    if size is None:
        return ""
    amount, unit = float(size), 0
    while amount >= 1024 and unit < len(UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    places = 1 if unit and amount < 10 else 0
    return f"{number(amount, places)} {UNITS[unit]}"
