"""What the figures of incidents say in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from brigade.operation.incidents.queries.page import AGES
from brigade.web.operation.periods import Period, day, short_day
from brigade.web.shell.times import duration, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brigade.operation.incidents.queries import Arrivals, Duration, OpenWork

__all__ = [
    "age",
    "busiest",
    "compared",
    "day",
    "figure",
    "finding",
    "linked",
    "short_day",
    "span",
    "worth",
]


def figure(value: int) -> str:
    """Return a count with the reader's separators."""
    return number(value)


def span(hours: float | None) -> str:
    """Return hours as a length of time; nothing to tell is said."""
    return _("none yet") if hours is None else duration(hours * 3600)


def linked(value: int, address: str | None) -> Markup | str:
    """Return a figure that leads to its rows; nothing lies behind a nought."""
    if not address or not value:
        return number(value)
    return Markup('<a href="{}">{}</a>').format(address, number(value))


def age(place: int) -> str:
    """Return the words for a slice of open work by age."""
    if place == 0:
        return _("Under 1 day")
    if place == len(AGES):
        return _("Over %(days)d days") % {"days": AGES[-1]}
    return _("%(low)d to %(high)d days") % {"low": AGES[place - 1], "high": AGES[place]}


def finding(
    period: Period, opened: int, resolved: int, work: OpenWork, altogether: Duration
) -> list[str]:
    """Return what the figures come to, in whole sentences."""
    given = {"days": period.days, "n": number(opened), "resolved": number(resolved)}
    said = [
        ngettext(
            "In %(days)d days %(n)s incident came in and %(resolved)s got resolved.",
            "In %(days)d days %(n)s incidents came in and %(resolved)s got resolved.",
            opened,
        )
        % given
    ]
    said.append(_open_words(work))
    if altogether.median is not None:
        said.append(
            _("Half of those resolved took no longer than %(span)s.")
            % {"span": span(altogether.median)}
        )
    return said


def _open_words(work: OpenWork) -> str:
    old = work.by_age[-1].count
    given = {"n": number(work.total), "old": number(old), "days": AGES[-1]}
    if not work.total:
        return _("Nothing is open.")
    if not old:
        return (
            ngettext(
                "%(n)s is open, for no longer than %(days)d days.",
                "%(n)s are open, none for longer than %(days)d days.",
                work.total,
            )
            % given
        )
    return (
        ngettext(
            "%(n)s is open, for more than %(days)d days.",
            "%(n)s are open, %(old)s of them for more than %(days)d days.",
            work.total,
        )
        % given
    )


def compared(now: int, before: int, days: int) -> str:
    """Return a count beside that of the same length of time before."""
    given = {"n": number(before), "days": days, "percent": 0}
    if not before:
        return _("none in the %(days)d days before") % given
    given["percent"] = round(abs(now - before) * 100 / before)
    if now == before:
        return _("as many as in the %(days)d days before") % given
    if now > before:
        return _("%(percent)d%% more than the %(n)s before") % given
    return _("%(percent)d%% fewer than the %(n)s before") % given


def worth(total: int, opened: int, days: int) -> str:
    """Return open work in days of what comes in, its yardstick; nothing where nothing came."""
    if not opened:
        return ""
    length = max(1, round(total * days / opened))
    words = ngettext(
        "as much as comes in within %(n)s day", "as much as comes in within %(n)s days", length
    )
    return words % {"n": number(length)}


def busiest(arrivals: Sequence[Arrivals], *, weekly: bool) -> str:
    """Return which day or week brought the most."""
    top = max(arrivals, key=lambda row: row.opened, default=None)
    if top is None or not top.opened:
        return _("Nothing came in.")
    given = {"day": day(top.start), "n": number(top.opened)}
    if weekly:
        return _("The week from %(day)s brought the most: %(n)s.") % given
    return _("%(day)s brought the most: %(n)s.") % given
