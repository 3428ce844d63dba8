"""Changed targets and calendars, carried to every clock that runs.

A change holds from the instant it was made. A record that something happens on
takes it in by itself; this carries it to all others, so that lists, alerts and
due times say what is promised now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction

from brigade.kernel import instants
from brigade.kernel.clocks import queries
from brigade.kernel.clocks.engine import Happening
from brigade.kernel.clocks.models import Recount
from brigade.kernel.clocks.promises import Book, book, read_book
from brigade.kernel.clocks.ticking import Ticked, tick
from brigade.kernel.parties.operators import operator
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import records_visible_to
from brigade.kernel.records.models import Record
from brigade.kernel.work.step import values_of
from brigade.kernel.work.writes import recount_rows

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

BATCH = 1000
"""Records of one statement."""
OVERLAP = timedelta(minutes=10)
"""How far back changes are looked for again: a transaction may commit after a later one."""
MOST_SHOWN = 20
MOST_TRIED = 5000
"""Clocks whose records a preview tries."""


class Watch(Protocol):
    """Told how far long work has come: `by` so many more, of `total`."""

    def __call__(self, by: int = 1, *, total: int | None = None) -> None:
        """Take note of it."""


def hold_to_targets(*, at: datetime | None = None, batch: int = BATCH) -> int:
    """Hold the running clocks to the targets and calendars as they stand; return how many moved.

    Asks first whether any changed since it last went through, which costs one
    look. Each batch is one statement with one journal entry a record. Safe to
    repeat, to break off and to run twice at once: what is held already is left
    alone. Where a record was written meanwhile, by somebody who may not have seen
    the change yet, it goes through again.
    """
    stamp = queries.stamp()
    done = Recount.objects.filter(pk=1).first()
    if done is not None and done.stamp == stamp:
        return 0
    since = done.until - OVERLAP if done else None
    until = instants.now()
    found = _through(*queries.changed_since(since), batch=batch, at=at)
    if not found.left:
        Recount.objects.update_or_create(pk=1, defaults={"stamp": stamp, "until": until})
    return found.moved


@dataclass(frozen=True, slots=True)
class Recounted:
    """Records gone through, that moved, with a clock over time by it, that somebody else wrote."""

    records: int = 0
    moved: int = 0
    newly_over: int = 0
    left: int = 0

    def __add__(self, other: Recounted) -> Recounted:
        """Return both together."""
        return Recounted(
            self.records + other.records,
            self.moved + other.moved,
            self.newly_over + other.newly_over,
            self.left + other.left,
        )


def recompute_clocks(
    *,
    keys: Sequence[str] = (),
    calendars: Sequence[int] = (),
    dry_run: bool = False,
    batch: int = BATCH,
    watch: Watch | None = None,
) -> Recounted:
    """Hold the running clocks of targets (`keys`) and `calendars` to what is promised now.

    Of all where neither is named, whether or not something changed: for whoever
    does not want to wait for the loop, or wants to know that nothing is left over.
    It writes what `hold_to_targets` writes; `dry_run` only counts it. `watch` is told
    the records of each batch, and of how many.
    """
    if not keys and not calendars:
        keys, calendars = queries.changed_since(None)
    return _through(keys, calendars, batch=batch, dry_run=dry_run, watch=watch)


def _through(
    keys: Sequence[str],
    calendars: Sequence[int],
    *,
    batch: int,
    at: datetime | None = None,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> Recounted:
    total = queries.count_held(keys, calendars) if watch else 0
    found = Recounted()
    for ids in _batches(keys, calendars, batch):
        found += _held(ids, at or instants.now(), dry_run=dry_run)
        if watch:
            watch(len(ids), total=total)
    return found


def _batches(keys: Sequence[str], calendars: Sequence[int], batch: int) -> Iterator[list[int]]:
    after = 0
    while ids := queries.records_held(keys, calendars, after, batch):
        yield ids
        after = ids[-1]


def _held(ids: Sequence[int], at: datetime, *, dry_run: bool) -> Recounted:
    moves = list(_ticked(ids, at, book()))
    over = sum(_newly_over(changes, at) for _record, _one, changes in moves)
    if dry_run:
        return Recounted(len(ids), len(moves), over)
    rows = [_row(record, one, changes, at) for record, one, changes in moves]
    moved = recount_rows(rows, actor=operator("Brigade").pk)
    return Recounted(len(ids), moved, over, len(rows) - moved)


Moved = tuple[Record, Ticked, dict[str, list[Any]]]


def _ticked(ids: Sequence[int], at: datetime, known: Book) -> Iterator[Moved]:
    """Yield the records whose clocks a change moves, what is to be written, and what it changes."""
    stored = queries.stored_clocks(ids)
    for record in Record.objects.filter(pk__in=ids).order_by("pk"):
        rows = stored.get(record.pk, [])
        values = values_of(record)
        last = Happening(record.updated_at, frozenset(), values)
        recipe = recipe_version(record.recipe_version_id)
        quiet = Happening(max(at, record.updated_at), frozenset(), values)
        one = tick(recipe, record.pk, rows, quiet, last=last, known=known)
        if one.clocks:
            yield record, one, _changes(rows, one)


def _changes(rows: Sequence[Sequence[Any]], ticked: Ticked) -> dict[str, list[Any]]:
    """Return what an entry says of each clock that moved: due, target and calendar version."""
    changes: dict[str, list[Any]] = {}
    for clock in ticked.clocks:
        number = clock["number"]
        before = dict(zip(queries.STORED, rows[number - 1], strict=True))
        changes[f"due.{number}"] = [_said(before["due_at"]), _said(clock["due_at"])]
        for name in ("target_id", "calendar_version_id"):
            if before[name] != clock[name]:
                changes[f"{name.removesuffix('_id')}.{number}"] = [before[name], clock[name]]
    return changes


def _said(instant: datetime) -> str | None:
    return None if instant == instants.NEVER else instant.isoformat()


def _row(
    record: Record, ticked: Ticked, changes: dict[str, list[Any]], at: datetime
) -> dict[str, Any]:
    return {
        "at": max(at, record.updated_at),
        "record_id": record.pk,
        "version": record.version,
        "head": bytes(record.head).hex(),
        "changes": changes,
        "next_due": min(record.timer_due, ticked.next_due),
        "clocks": ticked.clocks,
        "segments": ticked.segments,
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A clock that a change would move; `due` is None where it has no due time."""

    number: str
    title: str
    clock: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Moves:
    """What a change would move: records tried, records that move, those over time by it, lines.

    `whole` tells that every record in question was tried. Lines name only
    records that the reader may see.
    """

    tried: int
    moved: int
    newly_over: int
    whole: bool
    lines: list[Line]


def moves_of(
    change: Callable[[], object],
    *,
    by: Person,
    keys: Sequence[str] = (),
    calendars: Sequence[int] = (),
    at: datetime | None = None,
) -> Moves:
    """Return what a change of targets (`keys`) or `calendars` would move, and leave all as it is.

    The change is made, its clocks are counted, and it is taken back: the answer
    is what would happen, by the same code. Raises what the change raises.
    """
    with transaction.atomic():
        change()
        ids = queries.records_held(keys, calendars, 0, MOST_TRIED)
        more = bool(ids) and bool(queries.records_held(keys, calendars, ids[-1], 1))
        instant = max(at or instants.now(), instants.now())
        found = list(_ticked(ids, instant, read_book()))
        transaction.set_rollback(True)
    return _moves(found, len(ids), instant, by, whole=not more)


def _moves(found: list[Moved], tried: int, at: datetime, by: Person, *, whole: bool) -> Moves:
    shown = found[: MOST_SHOWN * 10]
    seen = set(
        records_visible_to(by)
        .filter(pk__in=[record.pk for record, _one, _changes in shown])
        .values_list("pk", flat=True)
    )
    over = sum(_newly_over(changes, at) for _record, _one, changes in found)
    lines = [line for moved in shown if moved[0].pk in seen for line in _lines(moved)]
    return Moves(tried, len(found), over, whole, lines[:MOST_SHOWN])


def _newly_over(changes: dict[str, list[Any]], at: datetime) -> bool:
    return any(
        after is not None
        and datetime.fromisoformat(after) < at
        and (before is None or datetime.fromisoformat(before) >= at)
        for name, (before, after) in changes.items()
        if name.startswith("due.")
    )


def _lines(moved: Moved) -> Iterator[Line]:
    record, ticked, changes = moved
    for clock in ticked.clocks:
        before, after = changes[f"due.{clock['number']}"]
        if before != after:
            yield Line(
                record.number, record.title, clock["name"], _instant(before), _instant(after)
            )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
