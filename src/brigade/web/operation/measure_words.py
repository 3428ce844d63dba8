"""What a measure says in words: its value, how final it is, what changed since before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel import dates
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brigade.web.shell.times import duration, locale, localtime, number

if TYPE_CHECKING:
    from brigade.kernel.measures.figures import Figure
    from brigade.kernel.measures.periods import Period

HOUR = 3600


def worded(unit: str, value: float | None) -> str:
    """Return a value in its unit; nothing where there is none."""
    if value is None:
        return ""
    match unit:
        case "percent":
            return _("%(n)s%%") % {"n": number(value, 1)}
        case "seconds":
            return duration(value)
        case "days":
            return _("%(n)s days") % {"n": number(value, 1)}
        case "working_days":
            said = ngettext("%(n)s working day", "%(n)s working days", round(value))
            return said % {"n": number(value)}
        case _:
            return number(value, 2)


def value(one: Figure) -> str:
    """Return a figure's value, or that there is too little to say one."""
    if one.value is None:
        return _("too few to say") if one.counted.n else _("nothing")
    return worded(one.definition.measure.unit, one.value)


def plotted(one: Figure) -> float | None:
    """Return a value as it stands on an axis: seconds as hours."""
    if one.value is None:
        return None
    return one.value / HOUR if one.definition.measure.unit == "seconds" else one.value


def axis(unit: str) -> str:
    """Return what the axis of a chart counts."""
    return {
        "percent": _("Percent"), "seconds": _("Hours"), "days": _("Days"), "times": _("Times"),
    }[unit]  # fmt: skip


def period(one: Period) -> str:
    """Return a period in words: "March 2026", "Q1 2026", "2026", "week 12 of 2026"."""
    match one.length:
        case "month":
            return dates.format_skeleton("yMMMM", one.first, locale=locale())
        case "quarter":
            return _("Q%(n)d %(year)d") % {
                "n": (one.first.month + 2) // 3, "year": one.first.year,
            }  # fmt: skip
        case "week":
            year, week, _day = one.first.isocalendar()
            return _("Week %(n)d of %(year)d") % {"n": week, "year": year}
        case _:
            return str(one.first.year)


def short(one: Period) -> str:
    """Return a period as it stands under a chart."""
    if one.length == "month":
        return dates.format_skeleton("MMM", one.first, locale=locale())
    return one.key


def state(one: Figure) -> dict[str, Any]:
    """Return how final a figure is: a word, and the icon of its tag."""
    words = {
        "provisional": (_("Provisional"), "clock"), "settled": (_("Settled"), "check"),
        "frozen": (_("Frozen"), "lock"), "restated": (_("Restated"), "pencil"),
    }  # fmt: skip
    label, icon = words[one.state]
    return {"label": label, "icon": icon}


def explained(one: Figure, settles: Any) -> str:
    """Return what the state means for whoever reads the figure."""
    match one.state:
        case "provisional":
            return _("Late work may still change it, until %(when)s.") % {
                "when": localtime(settles, "date")
            }
        case "settled":
            return _("It follows the rows until the process owner freezes the month.")
        case "frozen":
            return _("It is never recomputed.")
        case _:
            return _("It stands in the place of an earlier value: %(reason)s") % {
                "reason": one.stored.reason if one.stored else ""
            }


def rows(n: int) -> str:
    """Return of how many rows a figure speaks."""
    return ngettext("of %(n)s row", "of %(n)s rows", n) % {"n": number(n)}


def finding(one: Figure, before: Figure | None) -> str:
    """Return what a figure says, beside the period before, as a sentence."""
    measure = one.definition.measure
    given = {"title": _(measure.title), "value": value(one), "period": period(one.period)}
    if one.value is None:
        least = {"n": number(one.counted.n), "least": number(measure.min_n)}
        return _(
            "%(title)s: too few to say for %(period)s, with %(n)s of at least %(least)s rows."
        ) % (given | least)
    if before is None or before.value is None:
        return _("%(title)s: %(value)s in %(period)s.") % given
    given |= {"old": value(before), "then": period(before.period)}
    if value(one) == value(before):
        return _("%(title)s: %(value)s in %(period)s, as in %(then)s.") % given
    better = (one.value > before.value) == (measure.direction == "up")
    if better:
        return _("%(title)s: %(value)s in %(period)s, better than %(old)s in %(then)s.") % given
    return _("%(title)s: %(value)s in %(period)s, worse than %(old)s in %(then)s.") % given
