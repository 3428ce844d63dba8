"""Figures: what is measured, its values by period, the rows behind, and closing a month."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Line
from brigade.kernel.measures import tables
from brigade.kernel.measures.access import sees_whole
from brigade.kernel.measures.actions import freeze_period, restate_value
from brigade.kernel.measures.figures import (
    Figure,
    altogether,
    cut,
    figures,
    measure_shown,
    measures_shown,
    period_asked,
    query_hash,
    reading,
)
from brigade.kernel.measures.listing import records_behind
from brigade.kernel.measures.queries import versions_of_value
from brigade.kernel.records.idempotency import Answer

if TYPE_CHECKING:
    from brigade.kernel.measures.models import MeasureValue
    from brigade.kernel.measures.reading import Definition

router = Router(tags=["figures"])
MeasureKey = Annotated[str, Path(max_length=8, description="Such as K01.")]
PeriodKey = Annotated[
    str, Query(max_length=8, description="Such as 2026-03, 2026-Q1, 2026 or 2026-W12.")
]
Dimension = Literal["service", "customer", "team", "provider"]
Month = Annotated[str, Path(max_length=8, description="Such as 2026-03.")]
State = Literal["provisional", "settled", "frozen", "restated"]


class MeasureOut(Schema):
    """What is measured: the exact definition, and the hash of its query."""

    key: str
    practice: str
    title: str
    version: int
    direction: Literal["up", "down"] = Field(description="Which way is better.")
    unit: Literal["percent", "seconds", "days", "times"]
    definition: str
    min_n: int
    formula: dict[str, Any]
    query_hash: str


class Measures(Schema):
    """The measures of the facets that are adopted."""

    items: list[MeasureOut]


class FigureOut(Schema):
    """A value: numerator over denominator of `n` rows, or null where they are too few."""

    period: str
    start: datetime
    end: datetime
    state: State
    of: int | None = Field(None, description="The part's id; null for the whole, 0 for none given.")
    name: str = ""
    value: float | None
    too_few: bool
    n: int
    num: int | None
    den: int | None
    beside: dict[str, int | None]
    query_hash: str
    recomputed: float | None = Field(
        None, description="What the rows would give now, where a closed value differs."
    )


class MeasureFigures(MeasureOut):
    """A measure with its values, oldest first."""

    items: list[FigureOut]
    altogether: FigureOut
    parts: list[FigureOut]


class RowOut(Schema):
    """A record behind a figure, and what it adds to it."""

    number: str
    title: str
    at: datetime
    amount: int


class Rows(Schema):
    """The rows, newest first; `next` asks for the page after."""

    items: list[RowOut]
    next: str | None


class ClosedOut(Schema):
    """Which measures were closed."""

    period: str
    frozen: list[str]


class ValueOut(Schema):
    """A value that stands for a month, or stood."""

    key: str
    period: str
    number: int
    num: int | None
    den: int | None
    n: int
    reason: str
    made_at: datetime
    query_hash: str


class PracticeBody(Asked):
    """Whose month it is."""

    practice: Line


class ReasonBody(Asked):
    """Why another value has to stand there."""

    reason: Line


def _measure(one: Definition) -> dict[str, Any]:
    said = one.measure
    plain = ("title", "version", "direction", "unit", "definition", "min_n")
    return {name: getattr(said, name) for name in plain} | {
        "key": one.key, "practice": one.practice, "query_hash": query_hash(one),
        "formula": said.formula.model_dump(exclude_none=True),
    }  # fmt: skip


def _figure(one: Figure, *, part: bool = False) -> dict[str, Any]:
    fresh = one.recomputed
    return {
        "period": one.period.key, "start": one.period.start, "end": one.period.end,
        "state": one.state, "of": one.of if part else None, "name": one.name,
        "value": one.value, "too_few": one.too_few, "n": one.counted.n,
        "num": None if one.too_few else one.counted.num, "den": one.counted.den,
        "beside": {} if one.too_few else one.counted.beside, "query_hash": one.query_hash,
        "recomputed": one.value_of(fresh) if fresh else None,
    }  # fmt: skip


@router.get("/measures", response=answers({200: Measures}, *READ), summary="List measures")
def list_measures(request: HttpRequest) -> HttpResponse:
    """What is measured here; a facet that is not adopted measures nothing."""
    reading(caller(request))
    return ok({"items": [_measure(one) for one in measures_shown()]})


@router.get(
    "/measures/{key}", response=answers({200: MeasureFigures}, *READ), summary="Read a figure"
)
def read_figure(
    request: HttpRequest,
    key: MeasureKey,
    period: PeriodKey = "",
    periods: Annotated[int, Query(ge=1, le=36, description="How many, that one the last.")] = 12,
    by: Dimension | None = None,
) -> HttpResponse:
    """Values over periods, of what the caller may see; `by` cuts the last one into parts."""
    me = caller(request)
    reading(me)
    one = measure_shown(key)
    shown = figures(me, one, period_asked(period).leading(periods))
    parts = cut(me, one, shown[-1], by) if by else []
    return ok(
        _measure(one)
        | {
            "items": [_figure(each) for each in shown],
            "altogether": _figure(altogether(me, one, shown)),
            "parts": [_figure(each, part=True) for each in parts],
        }
    )


@router.get(
    "/measures/{key}/rows", response=answers({200: Rows}, *READ), summary="Read what is behind it"
)
def read_rows(
    request: HttpRequest,
    key: MeasureKey,
    period: PeriodKey = "",
    part: Literal["num", "den"] = "den",
    by: Dimension | None = None,
    of: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
) -> HttpResponse:
    """Return the records that a numerator or denominator counts, as far as the caller sees them."""
    me = caller(request)
    reading(me)
    found = records_behind(
        me, measure_shown(key), period_asked(period), part, (by, of) if by else None, cursor
    )
    plain = ("number", "title", "at", "amount")
    items = [{name: getattr(one, name) for name in plain} for one in found.items]
    return ok({"items": items, "next": found.next})


@router.get(
    "/measures/{key}/table", response=answers({200: None}, *READ), summary="Save figures as a table"
)
def save_table(
    request: HttpRequest,
    key: MeasureKey,
    period: PeriodKey = "",
    periods: Annotated[int, Query(ge=1, le=36)] = 12,
    format: Literal["csv", "xlsx"] = "csv",
) -> HttpResponse:
    """Return the values over periods as CSV or as a workbook."""
    me = caller(request)
    reading(me)
    one = measure_shown(key)
    rows = tables.lines(figures(me, one, period_asked(period).leading(periods)))
    if format == "xlsx":
        return HttpResponse(tables.as_xlsx(rows), content_type=tables.XLSX)
    return HttpResponse(tables.as_csv(rows), content_type=tables.CSV)


@router.post(
    "/measures/periods/{period}/freeze",
    response=answers({200: ClosedOut}, *WRITE),
    summary="Freeze a month",
)
def freeze(
    request: HttpRequest, period: Month, asked: PracticeBody, key: Key = None
) -> HttpResponse:
    """Close a month of a practice: its values are never recomputed from then on."""

    def work() -> Answer:
        frozen = freeze_period(asked.practice, period, by=caller(request))
        return Answer(200, {"period": period, "frozen": frozen})

    return once(request, work)


@router.post(
    "/measures/{measure}/values/{period}/restatement",
    response=answers({201: ValueOut}, *WRITE),
    summary="Restate a frozen value",
)
def restate(
    request: HttpRequest,
    measure: Annotated[str, Path(max_length=8)],
    period: Month,
    asked: ReasonBody,
    key: Key = None,
) -> HttpResponse:
    """Put what the rows give now in the place of a frozen value; the old one stays on record."""

    def work() -> Answer:
        made = restate_value(measure, period, reason=asked.reason, by=caller(request))
        return Answer(201, _value(made))

    return once(request, work)


@router.get(
    "/measures/{key}/values/{period}",
    response=answers({200: list[ValueOut]}, *READ),
    summary="Read everything that stood for a month",
)
def read_values(request: HttpRequest, key: MeasureKey, period: Month) -> HttpResponse:
    """Return the closed values of a month, newest first; empty where it is not closed."""
    me = caller(request)
    reading(me)
    one = measure_shown(key)
    rows = versions_of_value(one.key, period) if sees_whole(me, one.kind) else []
    return ok([_value(each) for each in rows])


def _value(one: MeasureValue) -> dict[str, Any]:
    plain = ("key", "period", "number", "num", "den", "n", "reason")
    return {name: getattr(one, name) for name in plain} | {
        "made_at": one.made_at.isoformat(), "query_hash": one.measure.query_hash,
    }  # fmt: skip
