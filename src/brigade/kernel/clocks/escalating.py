"""When a clock escalates: the marks its recipe sets on its way, and which of them were raised.

A mark lies at so much counted time. It is raised once in the life of a clock,
whatever happens to its promise: a clock that has already gone past one when it
starts, goes on or is held to another promise raises it then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from brigade.kernel.clocks.engine import RUNNING, Clock, reached_at
from brigade.kernel.instants import NEVER
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.elements import Escalation
from brigade.kernel.recipes.spans import Mark, Span


@dataclass(frozen=True, slots=True)
class Pending:
    """An escalation that was not raised yet, and when it is due."""

    at: datetime
    escalation: Escalation


def next_alert(recipe: CompiledRecipe, clock: Clock, alerts: int, due: datetime) -> datetime:
    """Return when the next escalation of a clock is due, NEVER where none is."""
    waiting = pending(recipe, clock, alerts, due)
    return waiting[0].at if waiting else NEVER


def pending(recipe: CompiledRecipe, clock: Clock, alerts: int, due: datetime) -> list[Pending]:
    """Return the escalations of a clock that are still to come, in the order of their marks.

    `alerts` has the bits of those raised, `due` is when the clock is or was due.
    A clock that rests or has no due time escalates nothing.
    """
    seconds = clock.promise.seconds
    if clock.state != RUNNING or seconds is None:
        return []
    waiting = sorted(
        (_wanted(one.at, clock, seconds, due), one.place, one)
        for one in recipe.escalations_of(clock.name)
        if not alerts & bit(one)
    )
    return [Pending(reached_at(clock, wanted), one) for wanted, _place, one in waiting]


def bit(escalation: Escalation) -> int:
    """Return the bit by which a clock's row remembers that the escalation was raised."""
    return 1 << escalation.place


def _wanted(mark: Mark, clock: Clock, seconds: int, due: datetime) -> int:
    """Return the counted seconds at which a clock comes to a mark; below 0 it begins past it."""
    if mark.offset is None:
        return seconds * (mark.share or 0) // 100
    return seconds + mark.sign * _open_seconds(mark.offset, mark.sign, clock, due)


def _open_seconds(span: Span, sign: int, clock: Clock, due: datetime) -> int:
    """Return a span in open seconds beside the due instant; a day is a working day there."""
    if span.unit != "d" or due == NEVER:
        return int(span.elapsed().total_seconds())
    other = clock.promise.time.add_working_days(due, sign * span.amount)
    return clock.promise.time.open_seconds(min(due, other), max(due, other))
