"""Targets: what is promised, and what another wording would move."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field, StrictBool, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, READ, WRITE, answers
from brigade.api.frame.shapes import PLAIN, Asked, Line, Named
from brigade.api.work.present import named
from brigade.kernel.calendars.queries import calendar_for
from brigade.kernel.clocks import actions
from brigade.kernel.clocks.access import may_read_targets
from brigade.kernel.clocks.reading import promised_now, wordings_of
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.queries import organisations_visible_to
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Invalid
from brigade.kernel.services.queries import offerings_visible_to, services_visible_to
from brigade.kernel.work.recounting import moves_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from brigade.kernel.clocks.models import Target
    from brigade.kernel.parties.models import Person

router = Router(tags=["targets"])
Series = Annotated[int, Path(ge=1, le=2**63 - 1, description="The same for every wording of one.")]
Text = Annotated[str, StringConstraints(pattern=PLAIN, max_length=80)]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Values = Annotated[list[Number | Text], Field(max_length=50)]


class Wording(Asked):
    """How a target is worded; on a change, what is left out stays."""

    name: Line | None = None
    conditions: dict[Text, Values] | None = Field(
        None, description="Fields of a record and the values they may have: priority, impact ..."
    )
    customer: Number | None = None
    service: Number | None = None
    offering: Number | None = None
    seconds: Number | None = Field(None, description="Open seconds; null: it only measures.")
    calendar: Text | None = Field(None, description="Its key, such as office-hours.")
    warn_percent: Annotated[int, Field(ge=1, le=100)] | None = None


class TargetBody(Wording):
    """A target to add: a name and a calendar are needed."""

    key: Text = Field(description="What a recipe's clock names, such as incident.restore.")
    kind: Text = "incident"


class Trial(Wording):
    """A wording to try; `ends`: try what ending the target would move."""

    ends: StrictBool = False


class TargetOut(Schema):
    """A wording of a target."""

    series: int
    key: str
    kind: str
    name: str
    conditions: dict[str, Any]
    customer: Named | None
    service: Named | None
    offering: Named | None
    seconds: int | None
    calendar: str
    warn_percent: int
    valid_from: datetime
    valid_to: datetime | None
    made_by: Named


class TargetWhole(TargetOut):
    """A target with every wording it had, newest first."""

    wordings: list[TargetOut]


class Targets(Schema):
    """What is promised now."""

    items: list[TargetOut]


class ClockMoveOut(Schema):
    """A clock that would move."""

    number: str
    title: str
    clock: str
    before: datetime | None
    after: datetime | None


class MovesOut(Schema):
    """What a change would move: records tried, that move, that are over time by it, the first."""

    tried: int
    moved: int
    newly_over: int
    whole: bool
    lines: list[ClockMoveOut]


def _row(one: Target) -> dict[str, Any]:
    plain = ("series", "key", "kind", "name", "conditions", "seconds", "warn_percent",
             "valid_from", "valid_to")  # fmt: skip
    references = ("customer", "service", "offering", "made_by")
    row = {name: getattr(one, name) for name in plain}
    return row | {name: named(getattr(one, name)) for name in references} | {
        "calendar": one.calendar.key}  # fmt: skip


def _whole(me: Person, series: int) -> dict[str, Any]:
    wordings = wordings_of(me, series)
    return _row(wordings[0]) | {"wordings": [_row(one) for one in wordings]}


def _wish(me: Person, asked: Wording) -> actions.Wish:
    """Return what was sent, names and keys as rows the caller may see."""
    sent = asked.dict(exclude_unset=True, exclude={"key", "kind", "ends"})
    rows: dict[str, QuerySet[Any]] = {
        "customer": organisations_visible_to(me),
        "service": services_visible_to(me),
        "offering": offerings_visible_to(me),
    }
    for name, visible in rows.items():
        if sent.get(name) is not None:
            sent[name] = _seen(visible, name, sent[name])
    if sent.get("calendar") is not None:
        sent["calendar"] = calendar_for(me, sent["calendar"])
    nullable = {"customer", "service", "offering", "seconds"}
    kept = {name: value for name, value in sent.items() if value is not None or name in nullable}
    return actions.Wish(**kept)  # type: ignore[typeddict-item]


def _seen(rows: QuerySet[Any], field: str, number: int) -> Any:
    found = rows.filter(pk=number).first()
    if found is None:
        raise Invalid("unknown", _("There is no such thing to choose here."), field)
    return found


@router.get("/targets", response=answers({200: Targets}, *LISTED), summary="List targets")
def list_targets(request: HttpRequest) -> HttpResponse:
    """Return what is promised now, for those who work here."""
    me = caller(request)
    needed(may_read_targets(me))
    return ok({"items": [_row(one) for one in promised_now(me)]})


@router.get(
    "/targets/{series}", response=answers({200: TargetWhole}, *READ), summary="Read a target"
)
def read_target(request: HttpRequest, series: Series) -> HttpResponse:
    """Return a target and every wording it had."""
    return ok(_whole(caller(request), series))


@router.post("/targets", response=answers({201: TargetWhole}, *WRITE), summary="Add a target")
def add_target(request: HttpRequest, asked: TargetBody, key: Key = None) -> HttpResponse:
    """Promise something from now on."""

    def work() -> Answer:
        me = caller(request)
        needed(may_read_targets(me))
        made = actions.add_target(asked.key, asked.kind, by=me, **_wish(me, asked))
        return Answer(201, _whole(me, made.series))

    return once(request, work)


@router.patch(
    "/targets/{series}", response=answers({200: TargetWhole}, *WRITE), summary="Change a target"
)
def change_target(request: HttpRequest, series: Series, asked: Wording) -> HttpResponse:
    """Word a target anew from now on; the loop that follows the clocks carries it to them."""
    me = caller(request)
    actions.change_target(wordings_of(me, series)[0], by=me, **_wish(me, asked))
    return ok(_whole(me, series))


@router.post(
    "/targets/{series}/end", response=answers({200: TargetWhole}, *WRITE), summary="End a target"
)
def end_target(request: HttpRequest, series: Series, key: Key = None) -> HttpResponse:
    """Promise it no longer."""

    def work() -> Answer:
        me = caller(request)
        actions.end_target(wordings_of(me, series)[0], by=me)
        return Answer(200, _whole(me, series))

    return once(request, work)


@router.post(
    "/targets/{series}/trial", response=answers({200: MovesOut}, *WRITE), summary="Try a change"
)
def try_target(request: HttpRequest, series: Series, asked: Trial, key: Key = None) -> HttpResponse:
    """Return what another wording would move, and change nothing."""
    return once(request, lambda: Answer(200, _tried(caller(request), series, asked)))


def _tried(me: Person, series: int, asked: Trial) -> dict[str, Any]:
    one = wordings_of(me, series)[0]

    def change() -> Target:
        if asked.ends:
            return actions.end_target(one, by=me)
        return actions.change_target(one, by=me, **_wish(me, asked))

    moves = moves_of(change, by=me, keys=[one.key])
    lines = [
        {name: getattr(line, name) for name in ClockMoveOut.model_fields} for line in moves.lines
    ]
    plain = ("tried", "moved", "newly_over", "whole")
    return {name: getattr(moves, name) for name in plain} | {"lines": lines}
