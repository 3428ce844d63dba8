"""When a record's next timer is due: one calendar service for every kind of timer.

A record keeps one timer, the next. What lies before it has fired or was never
due, so a timer that stays behind it does not fire a second time.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from brigade.kernel.calendars.business_time import NeverOpen
from brigade.kernel.calendars.queries import business_time_of, standard_version
from brigade.kernel.instants import NEVER
from brigade.kernel.recipes.elements import SELF, Timer
from brigade.kernel.recipes.spans import Span
from brigade.kernel.services.queries import hours_of

if TYPE_CHECKING:
    from brigade.kernel.work.step import Step

MOST_INSTANCES = 10_000
"""How many instances of a repeated timer are skipped at most where nobody was there to fire it."""


class Time(Protocol):
    """Working time, as a calendar counts it."""

    def add_open_seconds(self, start: datetime, seconds: int) -> datetime:
        """Return when so many open seconds have passed."""

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Return the instant so many working days later."""


def next_timer(step: Step, at: datetime) -> tuple[str, datetime]:
    """Return the timer that fires next in the step's state, and when; `("", NEVER)` for none."""
    state = step.after["state"]
    here = [timer for timer in step.recipe.timers.values() if state in timer.in_]
    if not here:
        return "", NEVER
    stayed = state == step.before.get("state")
    kept = next((n for n, timer in enumerate(here) if timer.key == step.record.timer), None)
    found = (NEVER, 0, "")
    for place, timer in enumerate(here):
        due = _due(step, timer, at, place, kept) if stayed else _entered(step, timer, at)
        if due is not None and (due, place) < found[:2]:
            found = (due, place, timer.key)
    return found[2], found[0]


def _entered(step: Step, timer: Timer, at: datetime) -> datetime | None:
    """Return when a timer first fires in a state that the record comes to at an instant."""
    if timer.at is not None:
        return instant_of(step.after.get(timer.at))
    span = timer.after or timer.every
    return None if span is None else _later(at, span, _time(step, timer))


def _due(step: Step, timer: Timer, at: datetime, place: int, kept: int | None) -> datetime | None:
    """Return when a timer fires next on a record that stays in its state."""
    moved = timer.at is not None and step.after.get(timer.at) != step.before.get(timer.at)
    if moved:
        return _entered(step, timer, at)
    if kept is None:
        return _entered(step, timer, at) if _ends(step, timer) else None
    mark = (step.record.timer_due, kept)
    if place == kept and not step.timer:
        return step.record.timer_due
    if timer.every is not None:
        anchor = step.record.timer_due if place == kept else _since(step)
        return _after(step, timer, anchor, at, mark, place)
    if place == kept:
        return None
    due = _entered(step, timer, _since(step))
    return due if due is not None and (due, place) > mark else None


def _ends(step: Step, timer: Timer) -> bool:
    """Tell whether a timer takes the record out of its state, so that it cannot have fired yet."""
    return timer.fire is not None and step.recipe.transitions[timer.fire].to != SELF


def _since(step: Step) -> datetime:
    """Return when the record came to the state it stays in."""
    entered: datetime | None = step.context()["history"].get(step.after["state"])
    return entered or step.record.opened_at


def _after(
    step: Step, timer: Timer, anchor: datetime, at: datetime, mark: tuple[datetime, int], place: int
) -> datetime:
    """Return the next instance of a repeated timer: later than what fired, not in the past."""
    assert timer.every is not None
    time = _time(step, timer)
    due = anchor
    for _instance in range(MOST_INSTANCES):
        due = _later(due, timer.every, time)
        if (due, place) > mark and (due > at or not step.timer):
            return due
    return _later(at, timer.every, time)


def _later(start: datetime, span: Span, time: Time | None) -> datetime:
    """Return the instant a span later; without a calendar a day is 24 hours.

    So it is in a calendar that has closed for good: a record must not hang there.
    """
    if time is None:
        return start + span.elapsed()
    try:
        if span.unit == "d":
            return time.add_working_days(start, span.amount)
        return time.add_open_seconds(start, int(span.elapsed().total_seconds()))
    except NeverOpen:
        return start + span.elapsed()


def _time(step: Step, timer: Timer) -> Time | None:
    """Return the calendar a timer counts in, None where all time counts.

    `service` and `target`: the hours of the offering, else of the service, else
    the standard ones; `support`: the first calendar of support hours, else the
    standard one; `board` likewise.
    """
    version: int | None = None
    match timer.calendar:
        case "service" | "target":
            version = hours_of(step.after.get("service"), step.after.get("offering"))
            version = standard_version() if version is None else version
        case "support":
            version = standard_version("support_hours")
        case "board":
            version = standard_version("board")
    return None if version is None else business_time_of(version)


def instant_of(value: Any) -> datetime | None:
    """Read an instant kept in `data` as ISO text."""
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None
