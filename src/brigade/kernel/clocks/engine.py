"""What the clocks of a record do when something happens to it: pure, and the same for a replay.

Everything a clock knows follows from the happenings in their order: `advance` is
called once for each of them, by the verb that wrote it and again by a replay of
the journal, and gives the same segments both times.

A segment is a stretch in which a clock ran, was paused, or rested after it had
stopped; one ends where the next begins. Its seconds are open time in the
calendar of the promise that held: counted where it ran, left out where not.
Changing the priority, the target or the calendar ends a segment and solves the
due time again; what was counted and what was paused stays.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

RUN, PAUSE, RESOLVED = "run", "pause", "resolved"
RUNNING, PAUSED, STOPPED, VOID = "running", "paused", "stopped", "void"
KIND = {RUNNING: RUN, PAUSED: PAUSE, STOPPED: RESOLVED}
CLOSED, CANCELLED = "closed", "cancelled"
"""What happens to every clock of a record that is over: it stops, or counts for nothing."""


class Time(Protocol):
    """Working time, as a calendar counts it."""

    def open_seconds(self, start: datetime, end: datetime) -> int:
        """Return the open seconds between two instants."""

    def add_open_seconds(self, start: datetime, seconds: int) -> datetime:
        """Return when so many open seconds have passed."""

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Return the instant so many working days later, or earlier if negative."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised on a clock: a target's version, in a calendar's version.

    `seconds` of open time, or None for a stopwatch without a due time.
    """

    target: int | None
    seconds: int | None
    calendar: int
    time: Time = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one clock: `begin` to `end`, and the open seconds in it."""

    kind: str
    reason: str
    begin: datetime
    end: datetime
    seconds: int
    target: int | None
    calendar: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as it stands: what it has counted up to `mark`, and what it does since then.

    `subject` is the team or provider it is for, where the recipe says `per`.
    """

    name: str
    subject: int | None
    promise: Promise
    state: str
    started: datetime
    mark: datetime
    reason: str = ""
    counted: int = 0
    paused: int = 0
    segments: tuple[Segment, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether it still runs, or will when its pause ends."""
        return self.state in (RUNNING, PAUSED)

    @property
    def stopped(self) -> datetime | None:
        """When it stopped, where it has."""
        return self.mark if self.state in (STOPPED, VOID) else None

    def counted_at(self, at: datetime) -> int:
        """Return the open seconds counted up to an instant not before `mark`."""
        if self.state != RUNNING:
            return self.counted
        return self.counted + self.promise.time.open_seconds(self.mark, at)

    def due(self) -> datetime | None:
        """Return when the promise is used up; None while paused or without a due time.

        Where it was used up before the present stretch began, that instant is
        found in the segment in which it was.
        """
        if self.promise.seconds is None or self.state == PAUSED:
            return None
        left = self.promise.seconds - self.counted
        if left >= 0 and self.state == RUNNING:
            return self.promise.time.add_open_seconds(self.mark, left)
        return self._reached(self.promise.seconds)

    def _reached(self, wanted: int) -> datetime | None:
        counted = 0
        for segment in self.segments:
            if segment.kind != RUN:
                continue
            if counted + segment.seconds >= wanted:
                time = self.promise.time
                return min(time.add_open_seconds(segment.begin, wanted - counted), segment.end)
            counted += segment.seconds
        return None

    def met(self) -> bool | None:
        """Tell whether the promise was kept; None while that is open or nothing was promised."""
        if self.promise.seconds is None or self.state == VOID:
            return None
        if self.counted > self.promise.seconds:
            return False
        return True if self.state == STOPPED else None


@dataclass(frozen=True, slots=True)
class Trigger:
    """Names of happenings, any of which starts or stops a clock: "enter:new", "public_reply"."""

    names: frozenset[str]

    def fires(self, happened: frozenset[str]) -> bool:
        """Tell whether one of them happened."""
        return bool(self.names & happened)


@dataclass(frozen=True, slots=True)
class Rule:
    """One clock of a recipe or a log's map. `pauses(context)` gives the reason it rests, or "".

    `to_last`: it measures up to a record's last entry, in whatever state that leaves it.
    """

    name: str
    target: str
    start: Trigger
    stop: Trigger
    resume: Trigger
    pauses: Callable[[Mapping[str, Any]], str]
    per: str | None = None
    to_last: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """A journal entry as clocks see it: when, what happened, and what is true after it.

    `context` holds the record's values after the entry; `state` among them.
    """

    at: datetime
    names: frozenset[str]
    context: Mapping[str, Any]


PromiseFor = Callable[[Rule, Mapping[str, Any], datetime], Promise | None]
"""Which promise holds for a rule over a record's values at an instant; None where none does."""


def advance(
    clocks: Sequence[Clock], happening: Happening, rules: Iterable[Rule], promise_for: PromiseFor
) -> list[Clock]:
    """Return the clocks after a happening; those it does not touch are the same objects.

    In this order for each rule: what stops, what changes its promise, what
    pauses or goes on, what comes back to life, what starts.
    """
    after = list(clocks)
    for rule in rules:
        mine = [index for index, clock in enumerate(after) if clock.name == rule.name]
        for index in mine:
            after[index] = _touch(after[index], happening, rule, promise_for)
        if rule.start.fires(happening.names) and not any(
            after[index].is_live and after[index].subject == _subject(rule, happening)
            for index in mine
        ):
            started = _start(rule, happening, promise_for, already=[after[i] for i in mine])
            if started is not None:
                after.append(started)
    return after


def _subject(rule: Rule, happening: Happening) -> int | None:
    return happening.context.get(rule.per) if rule.per else None


def _start(
    rule: Rule, happening: Happening, promise_for: PromiseFor, already: list[Clock]
) -> Clock | None:
    """Start a clock, once for the record or, with `per`, once for each hand-over."""
    if rule.per is None and already:
        return None
    subject = _subject(rule, happening)
    promise = promise_for(rule, happening.context, happening.at)
    if promise is None or (rule.per is not None and subject is None):
        return None
    clock = Clock(rule.name, subject, promise, RUNNING, happening.at, happening.at)
    return _rest(clock, happening, rule)


def _touch(clock: Clock, happening: Happening, rule: Rule, promise_for: PromiseFor) -> Clock:
    if clock.state == STOPPED and rule.resume.fires(happening.names):
        clock = _turn(clock, happening.at, RUNNING, "")
    if not clock.is_live:
        return clock
    if CANCELLED in happening.names and not rule.to_last:
        return _turn(clock, happening.at, VOID, "")
    if rule.stop.fires(happening.names) or (CLOSED in happening.names and not rule.to_last):
        return _turn(clock, happening.at, STOPPED, "")
    clock = _promise_again(clock, happening, rule, promise_for)
    return _rest(clock, happening, rule) if clock.is_live else clock


def _promise_again(
    clock: Clock, happening: Happening, rule: Rule, promise_for: PromiseFor
) -> Clock:
    promise = promise_for(rule, happening.context, happening.at)
    if promise is None:
        return _turn(clock, happening.at, VOID, "")
    if promise == clock.promise:
        return clock
    return replace(_turn(clock, happening.at, clock.state, clock.reason), promise=promise)


def _rest(clock: Clock, happening: Happening, rule: Rule) -> Clock:
    reason = rule.pauses(happening.context)
    if reason and (clock.state != PAUSED or clock.reason != reason):
        return _turn(clock, happening.at, PAUSED, reason)
    if not reason and clock.state == PAUSED:
        return _turn(clock, happening.at, RUNNING, "")
    return clock


def _turn(clock: Clock, at: datetime, state: str, reason: str) -> Clock:
    """End the present stretch at `at` and begin one of another kind."""
    kind = KIND.get(clock.state, RESOLVED)
    seconds = clock.promise.time.open_seconds(clock.mark, at)
    closed = clock.segments
    if at > clock.mark:
        closed = (
            *closed,
            Segment(
                kind,
                clock.reason,
                clock.mark,
                at,
                seconds,
                clock.promise.target,
                clock.promise.calendar,
            ),
        )
    return replace(
        clock,
        state=state,
        reason=reason,
        mark=at,
        counted=clock.counted + (seconds if kind == RUN else 0),
        paused=clock.paused + (seconds if kind == PAUSE else 0),
        segments=closed,
    )


def leave(clocks: Sequence[Clock], names: Container[str], at: datetime) -> list[Clock]:
    """End the live clocks of these names for nothing: the record's new version has none of them."""
    return [
        _turn(clock, at, VOID, "") if clock.is_live and clock.name in names else clock
        for clock in clocks
    ]


def reached_at(clock: Clock, wanted: int) -> datetime:
    """Return when a running clock will have counted so much; its last mark where it has more."""
    left = wanted - clock.counted
    return clock.mark if left < 0 else clock.promise.time.add_open_seconds(clock.mark, left)
