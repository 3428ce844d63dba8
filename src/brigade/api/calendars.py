"""Calendars: what is open when, and questions to them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import AwareDatetime, Field, StrictBool, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, READ, WRITE, answers
from brigade.api.frame.shapes import PLAIN, Asked, Line, Named
from brigade.kernel.calendars import actions
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.calendars.queries import calendar_for, calendars_visible_to, versions_of
from brigade.kernel.records.idempotency import Answer

if TYPE_CHECKING:
    from brigade.kernel.calendars.hours import Hours
    from brigade.kernel.calendars.models import Calendar, CalendarVersion

router = Router(tags=["calendars"])
CalendarKey = Annotated[str, Path(max_length=60, description="Such as office-hours.")]
Times = Annotated[
    str,
    StringConstraints(pattern=PLAIN, max_length=300),
    Field(description="Such as 09:00-12:00 13:00-17:00; a night is 22:00-06:00."),
]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Date = Annotated[str, StringConstraints(pattern=PLAIN, max_length=10)]
Name = Annotated[str, StringConstraints(pattern=PLAIN, max_length=100)]
Kind = Literal["service_hours", "support_hours", "board"]


class ExceptionBody(Asked):
    """What holds on one day instead of everything else; no times: closed."""

    hours: Times = ""
    name: Name = ""


class HoursBody(Asked):
    """Wall-clock hours in a time zone."""

    zone: Annotated[str, StringConstraints(pattern=PLAIN, max_length=64)]
    weekly: dict[Day, Times] = {}
    holidays: dict[Date, Name] = Field(
        {}, description="A date (2026-12-25) or a day of every year (12-25), and its name."
    )
    exceptions: dict[Date, ExceptionBody] = {}


class CalendarBody(Asked):
    """A calendar to add."""

    name: Line
    key: Annotated[str, StringConstraints(pattern=PLAIN, max_length=60)] = ""
    kind: Kind = "service_hours"
    hours: HoursBody


class CalendarChange(Asked):
    """What is different about a calendar; what is left out stays."""

    name: Line | None = None
    kind: Kind | None = None
    hours: HoursBody | None = None
    valid_from: AwareDatetime | None = Field(
        None, description="From when other hours hold; left out, from now on."
    )
    reason: Line = ""
    is_active: StrictBool | None = None
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="The version you have seen. Where there is a newer one: 409."
    )


class CalendarRow(Named):
    """A calendar in a list."""

    key: str
    kind: str
    zone: str
    is_active: bool
    version: int


class VersionOut(Schema):
    """The hours as they were written down once."""

    number: int
    zone: str
    weekly: dict[str, str]
    holidays: dict[str, str]
    exceptions: dict[str, Any]
    valid_from: datetime | None = Field(description="Null: as far back as anybody asks.")
    reason: str
    created_at: datetime
    created_by: Named


class CalendarOut(CalendarRow):
    """A calendar with every version of its hours, newest first."""

    versions: list[VersionOut]


class Calendars(Schema):
    """The calendars."""

    items: list[CalendarRow]


def _row(one: Calendar) -> dict[str, Any]:
    plain = ("id", "key", "name", "kind", "is_active", "version")
    zone = one.current.zone if one.current else ""
    return {name: getattr(one, name) for name in plain} | {"zone": zone}


def _version(one: CalendarVersion) -> dict[str, Any]:
    plain = ("number", "zone", "valid_from", "reason", "created_at")
    by = {"id": one.created_by_id, "name": one.created_by.name}
    return {name: getattr(one, name) for name in plain} | one.content | {"created_by": by}


def _whole(one: Calendar) -> dict[str, Any]:
    return _row(one) | {"versions": [_version(each) for each in versions_of(one)]}


def _hours(body: HoursBody) -> Hours:
    return from_content(body.zone, body.dict(exclude={"zone"}))


@router.get("/calendars", response=answers({200: Calendars}, *LISTED), summary="List calendars")
def list_calendars(request: HttpRequest) -> HttpResponse:
    """Every calendar, for those who work here; those in use first."""
    return ok({"items": [_row(each) for each in calendars_visible_to(caller(request))[:500]]})


@router.get(
    "/calendars/{key}", response=answers({200: CalendarOut}, *READ), summary="Read a calendar"
)
def read_calendar(request: HttpRequest, key: CalendarKey) -> HttpResponse:
    """One calendar with the versions of its hours."""
    return ok(_whole(calendar_for(caller(request), key)))


@router.post("/calendars", response=answers({201: CalendarOut}, *WRITE), summary="Add a calendar")
def add_calendar(request: HttpRequest, asked: CalendarBody, key: Key = None) -> HttpResponse:
    """Add a calendar whose hours hold as far back as anybody asks."""

    def work() -> Answer:
        made = actions.add_calendar(
            name=asked.name,
            key=asked.key,
            kind=asked.kind,
            hours=_hours(asked.hours),
            by=caller(request),
        )
        return Answer(201, _whole(made))

    return once(request, work)


@router.patch(
    "/calendars/{key}", response=answers({200: CalendarOut}, *WRITE), summary="Change a calendar"
)
def change_calendar(request: HttpRequest, key: CalendarKey, asked: CalendarChange) -> HttpResponse:
    """Change a calendar, retire it or take it back; other hours become a new version."""
    me = caller(request)
    one = calendar_for(me, key)
    facts: actions.CalendarFacts = {}
    if asked.name is not None:
        facts["name"] = asked.name
    if asked.kind is not None:
        facts["kind"] = asked.kind
    if asked.hours is not None:
        facts["hours"] = _hours(asked.hours)
    if asked.is_active is not None:
        facts["is_active"] = asked.is_active
    one = actions.change_calendar(
        one,
        version=asked.version,
        valid_from=asked.valid_from,
        reason=asked.reason,
        by=me,
        **facts,
    )
    return ok(_whole(one))
