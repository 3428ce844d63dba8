"""Deriving the clocks of a record from its journal again, and saying where every second went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from brigade.kernel.clocks import queries
from brigade.kernel.clocks.engine import Clock, Happening, Rule, Segment, advance, leave
from brigade.kernel.clocks.promises import Book, book
from brigade.kernel.clocks.rules import given_up, happening_of, rules_of, version_change
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.models import Record


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line of an explanation: a finished segment, or the present one up to `end`."""

    segment: Segment
    counted_before: int
    finished: bool


class Told(NamedTuple):
    """An entry as clocks see it; `brought` in from another tool's log, or written here.

    `recipe` is the version that holds from it on.
    """

    happening: Happening
    brought: bool
    recipe: CompiledRecipe


def replay(
    record: Record, *, known: Book | None = None, brought: Sequence[Rule] = ()
) -> list[Clock]:
    """Return a record's clocks as its journal gives them, segments and all.

    Entries written here move the clocks of the recipe; those that a log brought
    in move the clocks of its map, `brought`. Raises ValueError where an entry
    that a clock needs has been erased.
    """
    entries = queries.entries_of([record.pk])
    return derive(entries, recipe_version(record.recipe_version_id), brought, known or book())


def derive(
    entries: Iterable[queries.Entry],
    recipe: CompiledRecipe,
    brought: Sequence[Rule],
    targets: Book,
) -> list[Clock]:
    """Return the clocks that the entries of one record give, in their order.

    Changes of targets and calendars fall between the entries, at the instants at
    which they were made. `recipe` is the version the record runs now: up to an entry
    that brought it there, the one it left holds.
    """
    told_in_order = list(entries)
    recipe = _first_of(told_in_order, recipe)
    rules = rules_of(recipe)
    clocks: list[Clock] = []
    last: Happening | None = None
    for told in happenings(told_in_order, recipe):
        happening = told.happening
        if last is not None and not told.brought:
            for at in targets.changes_between(last.at, happening.at):
                quiet = Happening(at, frozenset(), last.context)
                clocks = advance(clocks, quiet, rules, targets.promise_for)
        if told.recipe is not recipe:
            clocks = leave(clocks, given_up(recipe, told.recipe), happening.at)
            recipe, rules = told.recipe, rules_of(told.recipe)
        clocks = advance(clocks, happening, brought if told.brought else rules, targets.promise_for)
        last = happening
    return clocks


def _first_of(entries: Sequence[queries.Entry], recipe: CompiledRecipe) -> CompiledRecipe:
    """Return the version that a record was opened under."""
    changes = (version_change(entry.changes) for entry in entries)
    moved = next((one for one in changes if one is not None), None)
    return recipe if moved is None else recipe_version(moved[0])


def happenings(entries: Iterable[queries.Entry], recipe: CompiledRecipe) -> Iterator[Told]:
    """Yield what happened to a record, entry by entry, with its values after each.

    Where a log is not in the order of its instants, time stands still until it
    goes on: no second is counted twice.
    """
    context: dict[str, Any] = {}
    at: datetime | None = None
    for entry in entries:
        moved = version_change(entry.changes)
        recipe = recipe if moved is None else recipe_version(moved[1])
        if entry.erased:
            raise ValueError(f"entry {entry.number} was erased, and a clock needs its changes")
        changes = entry.changes or {}
        context = context | {name: change[1] for name, change in changes.items()}
        at = entry.at if at is None else max(at, entry.at)
        happening = happening_of(
            recipe,
            context,
            at=at,
            kind=entry.kind,
            transition=entry.transition,
            visibility=entry.visibility,
            spoken=entry.spoken,
            by_requester=entry.actor == context.get("requester"),
            changes=changes,
        )
        yield Told(happening, entry.brought, recipe)


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
