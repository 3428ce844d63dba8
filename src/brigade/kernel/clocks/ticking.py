"""What a write does to the clocks of a record: rows to be written with it, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from brigade.kernel.calendars.queries import business_time_of
from brigade.kernel.clocks import queries
from brigade.kernel.clocks.engine import (
    VOID,
    Clock,
    Happening,
    Promise,
    Segment,
    advance,
    leave,
)
from brigade.kernel.clocks.escalating import next_alert
from brigade.kernel.clocks.promises import Book, book
from brigade.kernel.clocks.rules import given_up, rules_of
from brigade.kernel.instants import NEVER
from brigade.kernel.recipes.compiled import CompiledRecipe


@dataclass(frozen=True, slots=True)
class Kept:
    """A clock as its row holds it: the engine's clock without its segments, and their count.

    `alerts` has one bit for each escalation that was raised, by its place in the recipe.
    """

    clock: Clock
    due_at: datetime
    alerts: int
    stretches: int


@dataclass(frozen=True, slots=True)
class Ticked:
    """Rows of clocks and segments to write, and when the record is due next."""

    clocks: list[dict[str, Any]]
    segments: list[dict[str, Any]]
    next_due: datetime


def kept(row: Sequence[Any]) -> Kept:
    """Read a clock from its row as `Facts.clocks` holds it."""
    (name, subject, target, seconds, calendar, state, reason, started, mark,
     counted, paused, due_at, alerts, stretches) = row  # fmt: skip
    clock = Clock(
        name=name,
        subject=subject,
        promise=Promise(target, seconds, calendar, business_time_of(calendar)),
        state=state,
        started=_instant(started),
        mark=_instant(mark),
        reason=reason,
        counted=counted,
        paused=paused,
    )
    return Kept(clock, _instant(due_at), alerts, stretches)


def _instant(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def tick(
    recipe: CompiledRecipe,
    record_id: int | None,
    rows: Sequence[Sequence[Any]],
    happening: Happening,
    *,
    last: Happening | None = None,
    raised: Mapping[int, int] | None = None,
    known: Book | None = None,
    left: CompiledRecipe | None = None,
) -> Ticked:
    """Advance a record's clocks by one happening and return what has to be written.

    `last` is the happening before it: targets and calendars that changed between
    the two change the clocks at the instants at which they did. `raised` maps the
    number of a clock to the bits of the escalations raised now. `left` is the version
    that the record leaves with this happening, where it leaves one.
    """
    before = [_with_alerts(kept(row), (raised or {}).get(n, 0)) for n, row in enumerate(rows, 1)]
    clocks = [one.clock for one in before]
    if left is not None:
        clocks = _changed(left, clocks, last, happening, known or book())
        clocks, last = leave(clocks, given_up(left, recipe), happening.at), None
    after = _advanced(recipe, clocks, last, happening, known or book())
    ticked = Ticked([], [], NEVER)
    due = []
    for index, clock in enumerate(after):
        old = before[index] if index < len(before) else None
        if old is not None and clock is old.clock and index + 1 not in (raised or {}):
            due.append(old.due_at if clock.is_live else NEVER)
            continue
        row = row_of(recipe, record_id, index + 1, clock, old)
        ticked.clocks.append(row)
        ticked.segments.extend(segment_rows(index + 1, clock, old.stretches if old else 0))
        due.append(row["due_at"] if clock.is_live else NEVER)
    return replace(ticked, next_due=min(due, default=NEVER))


def _advanced(
    recipe: CompiledRecipe,
    clocks: list[Clock],
    last: Happening | None,
    happening: Happening,
    known: Book,
) -> list[Clock]:
    clocks = _changed(recipe, clocks, last, happening, known)
    return advance(clocks, happening, rules_of(recipe), known.promise_for)


def _changed(
    recipe: CompiledRecipe,
    clocks: list[Clock],
    last: Happening | None,
    happening: Happening,
    known: Book,
) -> list[Clock]:
    """Hold clocks to what changed in targets and calendars between two happenings."""
    if last is not None and any(clock.is_live for clock in clocks):
        for at in known.changes_between(last.at, happening.at):
            quiet = Happening(at, frozenset(), last.context)
            clocks = advance(clocks, quiet, rules_of(recipe), known.promise_for)
    return clocks


def _with_alerts(known: Kept, bits: int) -> Kept:
    return replace(known, alerts=known.alerts | bits) if bits else known


def row_of(
    recipe: CompiledRecipe, record_id: int | None, number: int, clock: Clock, old: Kept | None
) -> dict[str, Any]:
    """Return the row of a clock; `old` is what was stored of it before."""
    alerts = old.alerts if old else 0
    due = _due(record_id, number, clock, old)
    return {
        "number": number,
        "name": clock.name,
        "subject": clock.subject,
        "target_id": clock.promise.target,
        "seconds": clock.promise.seconds,
        "calendar_version_id": clock.promise.calendar,
        "state": clock.state,
        "reason": clock.reason,
        "started_at": clock.started,
        "mark": clock.mark,
        "counted": clock.counted,
        "paused": clock.paused,
        "due_at": due,
        "stopped_at": clock.stopped,
        "alert_at": next_alert(recipe, clock, alerts, due),
        "alerts": alerts,
        "stretches": (old.stretches if old else 0) + len(clock.segments),
    }


def _due(record_id: int | None, number: int, clock: Clock, old: Kept | None) -> datetime:
    """Return when the clock is or was due; a met or void one keeps what it last was."""
    if not clock.is_live and old is not None:
        return old.due_at if clock.state == VOID or clock.met() is not None else NEVER
    over = clock.promise.seconds is not None and clock.counted > clock.promise.seconds
    if over and record_id is not None and old is not None:
        stored = tuple(queries.segments_of(record_id, number))
        clock = replace(clock, segments=(*stored, *clock.segments))
    return clock.due() or NEVER


def segment_rows(number: int, clock: Clock, before: int) -> list[dict[str, Any]]:
    """Return the rows of the segments that a clock finished in this step."""
    return [
        _segment_row(number, before + index + 1, segment)
        for index, segment in enumerate(clock.segments)
    ]


def _segment_row(clock_number: int, number: int, segment: Segment) -> dict[str, Any]:
    return {
        "clock_number": clock_number,
        "number": number,
        "kind": segment.kind,
        "reason": segment.reason,
        "begin": segment.begin,
        "ended": segment.end,
        "seconds": segment.seconds,
        "target_id": segment.target,
        "calendar_version_id": segment.calendar,
    }
