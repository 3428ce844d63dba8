"""What those who work on a record set by hand or write down: priority, work time, hand-overs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Named, Number, RecordOut
from brigade.api.work.finding import Found, shown
from brigade.api.work.present import named_as
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.work.handovers import handovers
from brigade.kernel.work.prioritising import set_priority
from brigade.kernel.work.work_time import log_work, worked, worked_by

router = Router(tags=["records"])


class PriorityBody(Asked):
    """Another priority than the recipe's; null lets the recipe decide again."""

    priority: Annotated[int, Field(ge=1, le=9)] | None = Field(description="1 is the highest.")
    reason: Annotated[str, StringConstraints(max_length=300)] = ""


class TimeBody(Asked):
    """Minutes worked; a negative number corrects what was given before."""

    minutes: Annotated[int, Field(ge=-1440, le=1440)]
    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class Worked(Schema):
    """Who worked how long, in minutes."""

    person_id: int
    minutes: int


class TimeOut(Schema):
    """The minutes worked on a record, and by whom."""

    minutes: int
    people: list[Worked]


class HoldingOut(Schema):
    """A stretch in which one team and one person held the record; `until` null: still."""

    team: Named | None
    assignee: Named | None
    since: datetime
    until: datetime | None
    seconds: int = Field(description="Elapsed seconds, up to now where it is still held.")


class Holdings(Schema):
    """Who held a record, in order."""

    items: list[HoldingOut]


@router.put(
    "/records/{number}/priority",
    response=answers({200: RecordOut, 204: None}, *WRITE),
    summary="Set the priority by hand",
)
def put_priority(
    request: HttpRequest, number: Number, asked: PriorityBody, key: Key = None
) -> HttpResponse:
    """For the roles that the recipe lets override its matrix; the reason is journalled."""

    def work() -> Answer:
        found = Found(request, number)
        set_priority(
            found.record, asked.priority, by=found.person, reason=asked.reason, origin="api"
        )
        return shown(request, number)

    return once(request, work)


@router.post(
    "/records/{number}/time", response=answers({201: TimeOut}, *WRITE), summary="Log work time"
)
def add_time(
    request: HttpRequest, number: Number, asked: TimeBody, key: Key = None
) -> HttpResponse:
    """Add the minutes the caller worked on the record."""

    def work() -> Answer:
        found = Found(request, number)
        record = log_work(
            found.record, asked.minutes, by=found.person, note=asked.note, origin="api"
        )
        people = [{"person_id": one, "minutes": n} for one, n in worked_by(record).items()]
        return Answer(201, {"minutes": worked(record), "people": people})

    return once(request, work)


@router.get(
    "/records/{number}/handovers",
    response=answers({200: Holdings}, *READ),
    summary="List who held a record",
)
def list_handovers(request: HttpRequest, number: Number) -> HttpResponse:
    """Teams and people, one after the other. For those who read its internal notes too."""
    found = Found(request, number)
    found.need_internal()
    return ok(
        {
            "items": [
                {
                    "team": named_as(each.team_id, each.team),
                    "assignee": named_as(each.assignee_id, each.assignee),
                    "since": each.since,
                    "until": each.until,
                    "seconds": each.seconds,
                }
                for each in handovers(found.record)
            ]
        }
    )
