"""Deriving the clocks of a record from its journal again, and saying where every second went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brigade.kernel.clocks.engine import Clock, Happening, Segment, advance
from brigade.kernel.clocks.promises import Book, book
from brigade.kernel.clocks.rules import happening_of, rules_of
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.models import JournalEntry, Record


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line of an explanation: a finished segment, or the present one up to `end`."""

    segment: Segment
    counted_before: int
    finished: bool


def replay(record: Record, *, known: Book | None = None) -> list[Clock]:
    """Return a record's clocks as its journal gives them, segments and all.

    Changes of targets and calendars fall between the entries, at the instants at
    which they were made. Raises ValueError where an entry that a clock needs has
    been erased.
    """
    recipe = recipe_version(record.recipe_version_id)
    rules, targets = rules_of(recipe), known or book()
    clocks: list[Clock] = []
    last: Happening | None = None
    for happening in happenings(record, recipe):
        for at in targets.changes_between(last.at, happening.at) if last is not None else ():
            quiet = Happening(at, frozenset(), last.context if last else {})
            clocks = advance(clocks, quiet, rules, targets.promise_for)
        clocks = advance(clocks, happening, rules, targets.promise_for)
        last = happening
    return clocks


def happenings(record: Record, recipe: CompiledRecipe) -> Iterator[Happening]:
    """Yield what happened to a record, entry by entry, with its values after each."""
    context: dict[str, Any] = {}
    entries = JournalEntry.objects.filter(record=record).order_by("number")
    for entry in entries.iterator(chunk_size=500):
        if entry.changes_hash is not None and entry.changes is None:
            raise ValueError(f"entry {entry.number} was erased, and a clock needs its changes")
        changes = entry.changes or {}
        context = context | {name: change[1] for name, change in changes.items()}
        yield happening_of(
            recipe,
            context,
            at=entry.at,
            kind=entry.kind,
            transition=entry.transition,
            visibility=entry.visibility,
            spoken=entry.body_hash is not None,
            by_requester=entry.actor_id == context.get("requester"),
            changes=changes,
        )


def explain(clock: Clock, at: datetime) -> list[Stretch]:
    """Return every stretch of a clock up to `at`, each with what was counted before it."""
    lines: list[Stretch] = []
    counted = 0
    for segment in clock.segments:
        lines.append(Stretch(segment, counted, finished=True))
        counted += segment.seconds if segment.kind == "run" else 0
    if clock.is_live and at > clock.mark:
        kind = "run" if clock.state == "running" else "pause"
        seconds = clock.promise.time.open_seconds(clock.mark, at)
        present = Segment(
            kind,
            clock.reason,
            clock.mark,
            at,
            seconds,
            clock.promise.target,
            clock.promise.calendar,
        )
        lines.append(Stretch(present, counted, finished=False))
    return lines
