"""Figures: what is measured, its values by period, and the rows behind."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from brigade.api.frame.answers import ok
from brigade.api.frame.door import caller
from brigade.api.frame.problems import READ, answers
from brigade.kernel.measures import tables
from brigade.kernel.measures.dimensions import part_asked
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

if TYPE_CHECKING:
    from brigade.kernel.measures.reading import Definition

router = Router(tags=["figures"])
MeasureKey = Annotated[str, Path(max_length=8, description="Such as K01.")]
PeriodKey = Annotated[
    str, Query(max_length=8, description="Such as 2026-03, 2026-Q1, 2026 or 2026-W12.")
]
Dimension = Annotated[
    str,
    Query(
        pattern=r"^[a-z][a-z0-9_]{0,79}$",
        description="service, customer, team, provider, or `field_NAME` of the organisation's own.",
    ),
]
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
    of: int | str | None = Field(
        None,
        description="The part's id or value; null for the whole, 0 or empty for none given.",
    )
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
    of: Annotated[str, Query(max_length=300, description="The part, as `of` of a figure.")] = "",
    cursor: Annotated[str | None, Query(max_length=80)] = None,
) -> HttpResponse:
    """Return the records that a numerator or denominator counts, as far as the caller sees them."""
    me = caller(request)
    reading(me)
    one = measure_shown(key)
    narrowed = part_asked(one, by, of) if by else None
    found = records_behind(me, one, period_asked(period), part, narrowed, cursor)
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
    by: Dimension | None = None,
    format: Literal["csv", "xlsx"] = "csv",
) -> HttpResponse:
    """Return the values over periods as CSV or as a workbook, then the parts of the last."""
    me = caller(request)
    reading(me)
    one = measure_shown(key)
    shown = figures(me, one, period_asked(period).leading(periods))
    rows = tables.lines(shown)
    if by:
        rows += tables.lines(cut(me, one, shown[-1], by), by)
    if format == "xlsx":
        return HttpResponse(tables.as_xlsx(rows), content_type=tables.XLSX)
    return HttpResponse(tables.as_csv(rows), content_type=tables.CSV)
