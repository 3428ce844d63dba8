"""What clocks show at an instant, and an account of every stretch of a record's clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.calendars.queries import business_time_of
from brigade.kernel.clocks import queries
from brigade.kernel.clocks.engine import (
    PAUSE,
    PAUSED,
    RUN,
    RUNNING,
    STOPPED,
    Clock,
    Rule,
    Segment,
    Time,
)
from brigade.kernel.clocks.replay import Stretch, explain, replay
from brigade.kernel.clocks.ticking import kept
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

Brought = Mapping[str, Sequence[Rule]]
"""The rules of the maps with clocks, by the source whose records they measure."""
STATES = {RUN: RUNNING, PAUSE: PAUSED}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a clock shows: open seconds that ran and that were paused, up to `until`."""

    source: str
    source_id: str
    record: str
    clock: str
    number: int
    state: str
    started_at: datetime
    until: datetime
    running_seconds: int
    paused_seconds: int


@dataclass(frozen=True, slots=True)
class Account:
    """A clock as the journal gives it up to `until`; `agrees`: so it is stored."""

    clock: Clock
    until: datetime
    stretches: list[Stretch]
    agrees: bool


def measured(
    clock: Clock, segments: Sequence[Segment], until: datetime, time_of: Callable[[int], Time]
) -> tuple[str, int, int]:
    """Return state, running and paused open seconds of a clock at an instant after its start.

    `segments` are its finished ones; they are asked only where `until` is before
    the present stretch began. `time_of` gives the time of a calendar's version.
    """
    if until >= clock.mark:
        more = clock.promise.time.open_seconds(clock.mark, until)
        running = clock.counted + (more if clock.state == RUNNING else 0)
        return clock.state, running, clock.paused + (more if clock.state == PAUSED else 0)
    seconds = {RUN: 0, PAUSE: 0}
    state = RUNNING
    for segment in segments:
        if segment.begin > until:
            break
        state = STATES.get(segment.kind, STOPPED)
        if segment.kind in seconds:
            whole = segment.end <= until
            seconds[segment.kind] += (
                segment.seconds
                if whole
                else time_of(segment.calendar).open_seconds(segment.begin, until)
            )
    return state, seconds[RUN], seconds[PAUSE]


def shown_clocks(
    person: Person | None, *, at: datetime | None, source: str = "", brought: Brought
) -> Iterator[Shown]:
    """Yield what every clock shows at an instant, of the records `person` may see (None: all).

    Without `at` each is read at its record's last entry. A clock that measures
    up to the last entry of a log shows no more than that at any later instant.
    One that had not started is left out.
    """
    to_last = {(name, rule.name) for name, rules in brought.items() for rule in rules}
    for batch in queries.clock_rows(person, source):
        standing = []
        for row in batch:
            clock = kept(row.stored).clock
            ends = row.last_brought_at if (row.source, clock.name) in to_last else None
            until = min(at or row.last_at, ends or at or row.last_at)
            if clock.started <= until:
                standing.append((row, clock, until))
        early = [row.record_id for row, clock, until in standing if until < clock.mark]
        segments = queries.segments_of_many(early)
        for row, clock, until in standing:
            known = segments.get((row.record_id, row.number), ())
            state, running, paused = measured(clock, known, until, business_time_of)
            yield Shown(
                row.source, row.source_id, row.record, clock.name, row.number, state,
                clock.started, until, running, paused,
            )  # fmt: skip


def account_of(record: Record, at: datetime, brought: Brought) -> list[Account]:
    """Return every clock of a record with all its stretches up to an instant.

    They are derived from the journal and compared with what is stored. Raises
    Refused where an entry that a clock needs was erased.
    """
    rules = brought.get(record.source or "", ())
    to_last = {rule.name for rule in rules}
    try:
        clocks = replay(record, brought=rules)
    except ValueError as error:
        raise Refused(
            "entry_erased",
            _("The clocks of %(number)s cannot be derived again: %(problem)s.")
            % {"number": record.number, "problem": error},
        ) from error
    rows = {row.number: row for batch in queries.clock_rows(None, record=record) for row in batch}
    accounts = []
    for number, clock in enumerate(clocks, 1):
        row = rows.get(number)
        ends = row.last_brought_at if row and clock.name in to_last else None
        until = min(at, ends or at)
        agrees = row is not None and _agrees(clock, kept(row.stored).clock, record.pk, number)
        accounts.append(Account(clock, until, explain(clock, until), agrees))
    return accounts


def _agrees(derived: Clock, stored: Clock, record_id: int, number: int) -> bool:
    facts = ("name", "subject", "state", "started", "mark", "counted", "paused")
    same = all(getattr(derived, name) == getattr(stored, name) for name in facts)
    return same and list(derived.segments) == queries.segments_of(record_id, number)
