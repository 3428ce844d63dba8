"""One measure: what it says, its trend, its parts, the rows behind it, and closing a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brigade.kernel.measures import tables
from brigade.kernel.measures.actions import freeze_period, restate_value
from brigade.kernel.measures.dimensions import Of, dimensions, part_asked
from brigade.kernel.measures.figures import (
    cut,
    figures,
    measure_shown,
    measures_shown,
    period_asked,
    reading,
)
from brigade.kernel.measures.listing import records_behind
from brigade.kernel.refused import Invalid, Refused
from brigade.web.operation import measure_words as words
from brigade.web.operation.measure_page import TREND, page_of
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.shell.times import number

if TYPE_CHECKING:
    from brigade.kernel.measures.reading import Definition
    from brigade.kernel.parties.models import Person


def overview(person: Person) -> list[dict[str, Any]]:
    """Return the adopted measures of incidents for the page of figures: this month and the last."""
    month = period_asked("")
    found = []
    for one in measures_shown("incident"):
        before, now = figures(person, one, month.leading(2))
        found.append(
            {
                "title": _(one.measure.title), "href": reverse("measure", args=[one.key]),
                "key": one.key, "now": words.value(now), "before": words.value(before),
                "n": number(now.counted.n), "state": words.state(before),
                "then": f"{reverse('measure', args=[one.key])}?period={before.period.key}",
            }
        )  # fmt: skip
    return found


@login_required
@require_GET
def measure(request: HttpRequest, key: str) -> HttpResponse:
    """Show a measure for a period and the eleven before it."""
    return _shown(request, key, {})


def _shown(request: HttpRequest, key: str, errors: dict[str, str]) -> HttpResponse:
    person = reader(request)
    reading(person)
    one = measure_shown(key)
    given = request.GET if request.method == "GET" else request.POST
    try:
        period = period_asked(given.get("period", ""))
    except Invalid as no:
        period, errors = period_asked(""), {"period": str(no.message)}
    by = request.GET.get("by", "")
    by = by if by in dimensions(one) else one.measure.formula.dims[0]
    shown = figures(person, one, period.leading(TREND))
    context = page_of(person, one, shown, by) | {"errors": errors}
    return page(request, "operation/measures/measure.jinja", context, 422 if errors else 200)


@login_required
@require_GET
def measure_rows(request: HttpRequest, key: str) -> HttpResponse:
    """List the records that a numerator or denominator counts."""
    person = reader(request)
    reading(person)
    one = measure_shown(key)
    period = period_asked(request.GET.get("period", ""))
    part = "num" if request.GET.get("part") == "num" else "den"
    by, of = request.GET.get("by", ""), request.GET.get("of", "")
    narrowed = _part(one, by, of)
    found = records_behind(person, one, period, part, narrowed, request.GET.get("after"))
    said = one.measure
    query = {"period": period.key, "part": part} | ({"by": by, "of": of} if narrowed else {})
    words_of = said.numerator if part == "num" or said.denominator is None else said.denominator
    context = {
        "title": _(words_of), "of": _(said.title), "key": one.key, "when": words.period(period),
        "items": found.items, "period": period, "measures": said.formula.num.amount,
        "next": urlencode(query | {"after": found.next}) if found.next else None,
        "tabs": _sides(one, query, part),
    }  # fmt: skip
    return page(request, "operation/measures/rows.jinja", context)


def _part(one: Definition, by: str, of: str) -> tuple[str, Of] | None:
    """Return the part whose rows are wanted; all of them where the address names none."""
    try:
        return part_asked(one, by, of)
    except Invalid:
        return None


def _sides(one: Definition, query: dict[str, str], part: str) -> list[dict[str, Any]]:
    if one.measure.denominator is None:
        return []
    labels = {"den": one.measure.denominator, "num": one.measure.numerator}
    return [
        {
            "label": _(label),
            "current": side == part,
            "href": "?" + urlencode(query | {"part": side}),
        }
        for side, label in labels.items()
    ]


@login_required
@require_GET
def measure_table(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """Hand a measure out for a spreadsheet: its twelve periods, one a line, then parts of it."""
    person = reader(request)
    reading(person)
    one = measure_shown(key)
    period = period_asked(request.GET.get("period", ""))
    shown, by = figures(person, one, period.leading(TREND)), request.GET.get("by", "")
    rows = tables.lines(shown)
    if by:
        rows += tables.lines(cut(person, one, shown[-1], by), by)
    content: bytes | str = tables.as_xlsx(rows) if form == "xlsx" else tables.as_csv(rows)
    answer = HttpResponse(content, content_type=tables.XLSX if form == "xlsx" else tables.CSV)
    answer["Content-Disposition"] = f'attachment; filename="{one.key}-{period.key}.{form}"'
    return answer


@login_required
@require_POST
def measure_freeze(request: HttpRequest, key: str) -> HttpResponse:
    """Freeze the month shown, for every settled measure of the practice."""
    person = reader(request)
    reading(person)
    one, period = measure_shown(key), request.POST.get("period", "")
    try:
        freeze_period(one.practice, period, by=person)
    except Refused as no:
        if no.status not in (409, 422):
            raise
        return _shown(request, key, {"freeze": str(no.message)})
    return HttpResponseRedirect(
        f"{reverse('measure', args=[one.key])}?{urlencode({'period': period})}"
    )


@login_required
@require_POST
def measure_restatement(request: HttpRequest, key: str) -> HttpResponse:
    """Restate the frozen value shown, with a reason."""
    person = reader(request)
    reading(person)
    period = request.POST.get("period", "")
    try:
        restate_value(key, period, reason=request.POST.get("reason", ""), by=person)
    except Refused as no:
        if no.status not in (409, 422):
            raise
        return _shown(request, key, {no.field or "reason": str(no.message)})
    return _back(key, period)


def _back(key: str, period: str) -> HttpResponse:
    query = urlencode({"period": period})
    return HttpResponseRedirect(f"{reverse('measure', args=[key])}?{query}")


urlpatterns = [
    path("figures/measures/<str:key>", measure, name="measure"),
    path("figures/measures/<str:key>/rows", measure_rows, name="measure_rows"),
    path("figures/measures/<str:key>/table.csv", measure_table, {"form": "csv"}, "measure_csv"),
    path("figures/measures/<str:key>/table.xlsx", measure_table, {"form": "xlsx"}, "measure_xlsx"),
    path("figures/measures/<str:key>/freeze", measure_freeze, name="measure_freeze"),
    path("figures/measures/<str:key>/restatement", measure_restatement, name="measure_restatement"),
]
