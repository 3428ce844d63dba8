"""The clocks of a record, with where each of their seconds went."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from brigade.api.frame.answers import ok
from brigade.api.frame.problems import READ, answers
from brigade.api.frame.shapes import Number
from brigade.api.work.finding import Found
from brigade.integrations.logs.clocks import brought_rules
from brigade.kernel import instants
from brigade.kernel.clocks.measuring import account_of
from brigade.kernel.clocks.queries import names_of_stretches

if TYPE_CHECKING:
    from brigade.kernel.clocks.measuring import Account
    from brigade.kernel.clocks.replay import Stretch

router = Router(tags=["records"])


class SegmentOut(Schema):
    """A stretch of a clock; one ends where the next begins. Seconds are open ones."""

    begin: datetime
    end: datetime
    kind: Literal["run", "pause", "resolved"]
    counted: bool
    reason: str
    seconds: int
    closed_seconds: int = Field(description="Outside the calendar's hours.")
    counted_before: int
    finished: bool
    target: str | None
    calendar: str
    calendar_version: int


class ClockOut(Schema):
    """One clock up to `until`. `subject` is the id of the team or provider it is for."""

    clock: str
    subject: int | None
    state: Literal["running", "paused", "stopped", "void"]
    met: bool | None = Field(description="Null while that is open, and without a promise.")
    started_at: datetime
    until: datetime
    due_at: datetime | None
    target_seconds: int | None
    running_seconds: int
    paused_seconds: int
    as_stored: bool = Field(description="Whether the journal gives what is stored.")
    segments: list[SegmentOut]


class Clocks(Schema):
    """The clocks of a record, in the order in which they started."""

    items: list[ClockOut]


@router.get(
    "/records/{number}/clocks", response=answers({200: Clocks}, *READ), summary="Explain clocks"
)
def list_clocks(request: HttpRequest, number: Number) -> HttpResponse:
    """Every clock of a record, derived from its journal again, with all its stretches."""
    found = Found(request, number)
    found.need_internal()
    accounts = account_of(found.record, instants.now(), brought_rules())
    segments = [line.segment for account in accounts for line in account.stretches]
    targets, calendars = names_of_stretches(
        [one.target for one in segments if one.target], [one.calendar for one in segments]
    )
    return ok({"items": [_clock(account, targets, calendars) for account in accounts]})


def _clock(
    account: Account, targets: dict[int, str], calendars: dict[int, tuple[str, int]]
) -> dict[str, Any]:
    clock = account.clock
    seconds = {"run": 0, "pause": 0, "resolved": 0}
    for line in account.stretches:
        seconds[line.segment.kind] += line.segment.seconds
    return {
        "clock": clock.name,
        "subject": clock.subject,
        "state": clock.state,
        "met": clock.met(),
        "started_at": clock.started,
        "until": account.until,
        "due_at": clock.due(),
        "target_seconds": clock.promise.seconds,
        "running_seconds": seconds["run"],
        "paused_seconds": seconds["pause"],
        "as_stored": account.agrees,
        "segments": [_segment(line, targets, calendars) for line in account.stretches],
    }


def _segment(
    line: Stretch, targets: dict[int, str], calendars: dict[int, tuple[str, int]]
) -> dict[str, Any]:
    segment = line.segment
    calendar, version = calendars.get(segment.calendar, ("", 0))
    wall = round((segment.end - segment.begin).total_seconds())
    return {
        "begin": segment.begin,
        "end": segment.end,
        "kind": segment.kind,
        "counted": segment.kind == "run",
        "reason": segment.reason,
        "seconds": segment.seconds,
        "closed_seconds": wall - segment.seconds,
        "counted_before": line.counted_before,
        "finished": line.finished,
        "target": targets.get(segment.target or 0),
        "calendar": calendar,
        "calendar_version": version,
    }
