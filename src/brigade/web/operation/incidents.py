"""The figures of incidents: what came in, what is open, how long it took, and by whom.

A sentence first, then the numbers; behind every number lies the list of its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brigade.kernel.measures.access import counts_as
from brigade.kernel.measures.figures import reading
from brigade.kernel.recipes.queries import recipe_for
from brigade.kernel.records.lists import ListFilter, Sort, counts, list_page
from brigade.kernel.refused import Hidden, Invalid
from brigade.operation.incidents.queries import Scope, by_whom, came_in, how_long, open_work
from brigade.web.operation import incident_words as words
from brigade.web.operation.behind import rows_behind
from brigade.web.operation.incident_table import as_csv
from brigade.web.operation.measures import overview
from brigade.web.operation.periods import BY_DAY, LENGTHS, Period, midnight, period_of, usual
from brigade.web.shell import charts
from brigade.web.shell.reader import reader, require_practice
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

UNCAPPED = 1 << 40


@login_required
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period, of the incidents the reader may see."""
    person = _reader(request)
    errors: dict[str, str] = {}
    try:
        period = period_of(request.GET)
    except Invalid as no:
        period, errors = usual(), {no.field or "": str(no.message)}
    context = {
        "period": period,
        "errors": errors,
        "given": {"from": request.GET.get("from", ""), "to": request.GET.get("to", "")},
        "tabs": _tabs(period),
        "csv": urlencode(period.query()),
    }
    shown = context | _gathered(person, period) | {"measures": overview(person)}
    return page(request, "operation/incidents/index.jinja", shown, 422 if errors else 200)


@login_required
@require_GET
def figures_csv(request: HttpRequest) -> HttpResponse:
    """Hand out the same figures as a table, one figure a line."""
    person = _reader(request)
    period = period_of(request.GET)
    text = as_csv(period, *_figures(person, period), priority=_priority_names())
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"incidents-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _reader(request: HttpRequest) -> Person:
    person = reader(request)
    reading(person)
    require_practice(request, "incident")
    return person


def _tabs(period: Period) -> list[dict[str, Any]]:
    tabs = [
        {"label": label, "href": f"?period={key}", "current": period.key == key}
        for key, (_days, label) in LENGTHS.items()
    ]
    if not period.key:
        tabs.append(
            {"label": period.words(), "href": "?" + urlencode(period.query()), "current": True}
        )
    return tabs


def _figures(person: Person, period: Period) -> tuple[Any, Any, Any, Any]:
    scope = _scope(person, period)
    by = "day" if period.days <= BY_DAY else "week"
    return came_in(scope, by), open_work(scope), how_long(scope), by_whom(scope)  # type: ignore[arg-type]


def _gathered(person: Person, period: Period) -> dict[str, Any]:
    arrivals, work, (altogether, by_priority), people = _figures(person, period)
    opened = sum(row.opened for row in arrivals)
    resolved = sum(row.resolved for row in arrivals)
    before = _opened_in(person, period.earlier())
    weekly = period.days > BY_DAY
    return {
        "finding": words.finding(period, opened, resolved, work, altogether),
        "kpis": _kpis(period, opened, resolved, before, work, altogether),
        "busiest": words.busiest(arrivals, weekly=weekly),
        "arrivals": _arrivals(arrivals, weekly=weekly),
        "work": work,
        "ages": _ages(work),
        "owners": _owners(work),
        "altogether": altogether,
        "by_priority": _durations(by_priority, _priority_names()),
        "people": _durations(people),
        "newest": None if opened or work.total else _newest(person),
    }


def _scope(person: Person, period: Period) -> Scope:
    """Return what is counted in a period, in the name in which a person's figures are counted."""
    zone = timezone.get_current_timezone_name()
    return Scope(counts_as(person), zone, period.since, period.before)


def _opened_in(person: Person, period: Period) -> int:
    """Return how many came in; whoever sees numbers without records has them counted as such."""
    if counts_as(person) is None:
        return sum(row.opened for row in came_in(_scope(person, period), "week"))
    asked = ListFilter(kinds=("incident",), opened_since=period.since, opened_before=period.before)
    return counts(person, {"before": asked}, UNCAPPED)["before"]


def _priority_names() -> dict[int, str]:
    try:
        recipe = recipe_for("incident")
    except Hidden:
        return {}
    return {n: recipe.priority_label(n) for n in range(1, len(recipe.priority.labels) + 1)}


def _kpis(
    period: Period, opened: int, resolved: int, before: int, work: Any, altogether: Any
) -> list[dict[str, Any]]:
    since, until = period.since, period.before
    came = ListFilter(kinds=("incident",), opened_since=since, opened_before=until)
    solved = ListFilter(kinds=("incident",), resolved_since=since, resolved_before=until)
    figure = words.figure
    return [
        {"label": _("Came in"), "figure": figure(opened), "href": rows_behind(came),
         "note": words.compared(opened, before, period.days)},
        {"label": _("Resolved"), "figure": figure(resolved), "href": rows_behind(solved)},
        {"label": _("Open now"), "figure": figure(work.total), "href": rows_behind(work.filter),
         "note": words.worth(work.total, opened, period.days)},
        {"label": _("Half were resolved within"), "figure": words.span(altogether.median)},
        {"label": _("Nine in ten within"), "figure": words.span(altogether.p90)},
    ]  # fmt: skip


def _arrivals(arrivals: list[Any], *, weekly: bool) -> dict[str, Any]:
    names = [words.short_day(row.start) for row in arrivals]
    series = [[row.opened for row in arrivals], [row.resolved for row in arrivals]]
    return {
        "drawn": charts.lines(names, series),
        "label": _("Incidents that came in and that were resolved"),
        "names": [_("Came in"), _("Resolved")],
        "heads": [_("Week from") if weekly else _("Day"), _("Came in"), _("Resolved")],
        "rows": [
            [
                words.day(row.start),
                words.linked(row.opened, rows_behind(row.opened_filter)),
                words.linked(row.resolved, rows_behind(row.resolved_filter)),
            ]
            for row in arrivals
        ],
    }


def _ages(work: Any) -> dict[str, Any]:
    names = [words.age(place) for place in range(len(work.by_age))]
    rows = [
        [name, words.linked(part.count, rows_behind(part.filter))]
        for name, part in zip(names, work.by_age, strict=True)
    ]
    return {
        "drawn": charts.bars(names, [[part.count for part in work.by_age]]),
        "label": _("Open incidents by age"),
        "heads": [_("Age"), _("Open")],
        "rows": rows,
    }


def _owners(work: Any) -> list[dict[str, Any]]:
    """Return what is open cut by priority, team and person, each as a small table."""
    priority = _priority_names()
    cuts = (
        (_("By priority"), work.by_priority, lambda part: priority.get(part.key, ""), _("None")),
        (_("By team"), work.by_team, lambda part: part.label, _("No team")),
        (_("By person"), work.by_assignee, lambda part: part.label, _("Nobody")),
    )
    return [
        {"title": title, "rows": [_part(part, name(part), nobody, work.total) for part in parts]}
        for title, parts, name, nobody in cuts
    ]


def _part(part: Any, name: str, nobody: str, total: int) -> dict[str, Any]:
    if part.key == -1:
        name = _("All others")
    return {
        "label": name or nobody,
        "count": words.linked(part.count, rows_behind(part.filter)),
        "value": part.count,
        "total": total,
        "level": part.key if name and not part.label and part.key != -1 else None,
    }


def _durations(parts: list[Any], names: dict[int, str] | None = None) -> list[dict[str, Any]]:
    return [
        {
            "label": (names or {}).get(part.key or 0, part.label),
            "level": part.key if names is not None else None,
            "count": words.linked(part.count, rows_behind(part.filter)),
            "median": words.span(part.median),
            "p90": words.span(part.p90),
            "mean": words.span(part.mean),
        }
        for part in parts
    ]


def _newest(person: Person) -> dict[str, Any] | None:
    """Return the four weeks up to the newest incident, for a period that holds nothing."""
    found = list_page(person, ListFilter(kinds=("incident",)), Sort.OPENED, limit=1).rows
    if not found:
        return None
    last = timezone.localdate(found[0]["opened_at"])
    first = timezone.localdate(midnight(last)).replace(day=1)
    return {"at": found[0]["opened_at"], "query": urlencode({"from": first, "to": last})}


urlpatterns = [
    path("figures/incidents", figures, name="incident_figures"),
    path("figures/incidents.csv", figures_csv, name="incident_figures_csv"),
]
