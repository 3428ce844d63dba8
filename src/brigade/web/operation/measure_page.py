"""What the page of one measure shows: finding, trend, parts, definition, what stood before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.measures.access import may_close_periods
from brigade.kernel.measures.dimensions import dimensions, own_dimensions
from brigade.kernel.measures.figures import Figure, altogether, cut
from brigade.kernel.measures.periods import LENGTHS, period_at
from brigade.kernel.measures.queries import versions_of_value
from brigade.kernel.measures.settling import settles_at
from brigade.kernel.measures.vocabulary import UNITS
from brigade.web.operation import measure_words as words
from brigade.web.shell import charts
from brigade.web.shell.times import number

if TYPE_CHECKING:
    from brigade.kernel.measures.periods import Period
    from brigade.kernel.measures.reading import Definition
    from brigade.kernel.parties.models import Person

TREND = 12
SHOWN_PARTS = 20


def page_of(person: Person, one: Definition, shown: list[Figure], by: str) -> dict[str, Any]:
    """Return all that the page of one measure shows; the last of `shown` is the period chosen."""
    now, said = shown[-1], one.measure
    whole = altogether(person, one, shown)
    parts = cut(person, one, now, by)
    return {
        "measure": said, "key": one.key, "period": now.period, "title": _(said.title),
        "when": words.period(now.period), "finding": words.finding(now, shown[-2]),
        "lengths": _lengths(one, now.period), "around": _around(now.period),
        "kpis": _kpis(one, now, whole), "trend": _trend(one, shown),
        "state": words.state(now), "explained": words.explained(now, settles_at(one, now.period)),
        "now": now, "begun": now.period.end <= instants.now(),
        "recomputed": _recomputed(now), "history": _history(now),
        "by": by, "cuts": _cuts(one, now.period, by), "parts": _parts(one, now, parts, by),
        "more": len(parts) > SHOWN_PARTS,
        "definition": _definition(one, now), "closes": may_close_periods(person),
        "table": urlencode({"period": now.period.key, "by": by}),
    }  # fmt: skip


def _lengths(one: Definition, period: Period) -> list[dict[str, Any]]:
    labels = {
        "week": _("Weeks"), "month": _("Months"), "quarter": _("Quarters"), "year": _("Years"),
    }  # fmt: skip
    keys = {length: period_at(period.start, period.zone, length).key for length in LENGTHS}
    return [
        {"label": labels[length], "href": f"?period={key}", "current": period.length == length}
        for length, key in keys.items()
    ]


def _around(period: Period) -> dict[str, str]:
    return {"before": period.step(-1).key, "after": period.step(1).key}


def _kpis(one: Definition, now: Figure, whole: Figure) -> list[dict[str, Any]]:
    said = one.measure
    items = [{"label": words.period(now.period), "figure": words.value(now),
              "note": words.rows(now.counted.n)}]  # fmt: skip
    for name, part in said.beside.items():
        found = now.beside(name)
        labels = {"p50": _("Half within"), "p90": _("Nine in ten within")}
        if found is not None:
            unit = UNITS.get(part.amount or "", "seconds")
            items.append({"label": labels.get(name, name), "figure": words.worded(unit, found)})
    items.append({"label": _("All twelve together"), "figure": words.value(whole),
                  "note": words.rows(whole.counted.n)})  # fmt: skip
    return items


def _trend(one: Definition, shown: list[Figure]) -> dict[str, Any]:
    names = [words.short(each.period) for each in shown]
    rows = [
        [words.period(each.period), words.value(each), number(each.counted.n),
         words.state(each)["label"]]
        for each in shown
    ]  # fmt: skip
    drawn = charts.lines(names, [[words.plotted(each) for each in shown]])
    heads = [_("Period"), _(one.measure.title), _("Rows"), _("State")]
    unit = words.axis(one.measure.unit)
    return {"drawn": drawn, "heads": heads, "rows": rows, "unit": unit}


def _recomputed(now: Figure) -> str:
    if now.recomputed is None:
        return ""
    fresh = now.value_of(now.recomputed)
    given = {"value": words.worded(now.definition.measure.unit, fresh) or _("too few to say"),
             "rows": words.rows(now.recomputed.n)}  # fmt: skip
    return _("The rows would now give %(value)s, %(rows)s.") % given


def _history(now: Figure) -> list[dict[str, Any]]:
    if now.stored is None:
        return []
    return [
        {"number": each.number, "when": each.made_at, "who": each.made_by.name,
         "why": each.reason, "n": number(each.n)}
        for each in versions_of_value(now.definition.key, now.period.key)
    ]  # fmt: skip


def _cuts(one: Definition, period: Period, by: str) -> list[dict[str, Any]]:
    labels = {
        "service": _("Service"), "customer": _("Customer"), "team": _("Team"),
        "provider": _("Provider"),
    } | {name: own.label for name, own in own_dimensions(one).items()}  # fmt: skip
    return [
        {"label": labels[name], "current": name == by,
         "href": "?" + urlencode({"period": period.key, "by": name})}
        for name in dimensions(one)
    ]  # fmt: skip


def _parts(one: Definition, now: Figure, parts: list[Figure], by: str) -> list[dict[str, Any]]:
    behind = reverse("measure_rows", args=[one.key])
    query = {"period": now.period.key, "by": by}
    return [
        {
            "name": each.name or _("None given"), "value": words.value(each),
            "n": number(each.counted.n),
            "href": f"{behind}?{urlencode(query | {'part': 'den', 'of': each.of})}",
        }
        for each in parts[:SHOWN_PARTS]
    ]  # fmt: skip


def _definition(one: Definition, now: Figure) -> list[dict[str, Any]]:
    said = one.measure
    better = _("higher is better") if said.direction == "up" else _("lower is better")
    return [
        {"label": _("Definition"), "value": _(said.definition)},
        {"label": _("Better"), "value": better},
        {"label": _("Least number of rows"), "value": str(said.min_n)},
        {"label": _("Version"), "value": str(said.version)},
        {"label": _("Hash of the query"), "value": now.query_hash[:16]},
        {"label": _("Time zone"), "value": now.period.zone},
    ]
