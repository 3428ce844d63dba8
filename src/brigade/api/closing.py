"""Closing a month of figures, restating what was closed, and what stood for it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Line
from brigade.kernel.measures.access import sees_whole
from brigade.kernel.measures.actions import freeze_period, restate_value
from brigade.kernel.measures.figures import measure_shown, reading
from brigade.kernel.measures.queries import versions_of_value
from brigade.kernel.records.idempotency import Answer

if TYPE_CHECKING:
    from brigade.kernel.measures.models import MeasureValue

router = Router(tags=["figures"])
MeasureKey = Annotated[str, Path(max_length=8, description="Such as K01.")]
Month = Annotated[str, Path(max_length=8, description="Such as 2026-03.")]


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
