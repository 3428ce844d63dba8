"""The clocks of a record as its own version and as a draft would have run them: pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from brigade.kernel.clocks.engine import PAUSED, VOID, Clock, Happening, PromiseFor, advance
from brigade.kernel.clocks.rules import happening_of, rules_of
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.work.simulation.findings import Found, Shift
from brigade.kernel.work.simulation.replaying import Entry, Past


def with_shifts(
    found: Found,
    past: list[Past],
    live: CompiledRecipe,
    draft: CompiledRecipe,
    promise_for: PromiseFor,
    at: datetime,
) -> Found:
    """Return the findings with what the draft changes in due times and breaches up to `at`.

    Both sides are derived by the engine from the same journal against the same
    targets. Where nothing that clocks look at differs, they are derived once.
    """
    if any(one.entry.brought for one in past) or not (live.clocks or draft.clocks):
        return found
    before = _numbered(clocks_of(past, live, promise_for, drafted=False))
    same = live.clocks == draft.clocks and all(one.lived is one.drafted for one in past)
    after = before if same else _numbered(clocks_of(past, draft, promise_for, drafted=True))
    keys = [*before, *(key for key in after if key not in before)]
    shifts = [] if same else _shifts(found.record, keys, before, after, at)
    return replace(
        found,
        shifts=tuple(shifts),
        clocks=len(keys),
        broken_before=sum(is_broken(clock, at) for clock in before.values()),
        broken_after=sum(is_broken(clock, at) for clock in after.values()),
    )


Key = tuple[str, int | None, int]


def _shifts(
    record: int, keys: Iterable[Key], before: dict[Key, Clock], after: dict[Key, Clock],
    at: datetime,
) -> Iterator[Shift]:  # fmt: skip
    for key in keys:
        old, new = before.get(key), after.get(key)
        shift = Shift(
            record,
            key[0],
            due_of(old) if old else None,
            due_of(new) if new else None,
            bool(old and is_broken(old, at)),
            bool(new and is_broken(new, at)),
        )
        if shift.due_before != shift.due_after or shift.broken_before != shift.broken_after:
            yield shift


def clocks_of(
    past: Iterable[Past], recipe: CompiledRecipe, promise_for: PromiseFor, *, drafted: bool
) -> list[Clock]:
    """Return the clocks that a recipe gives over a record's past."""
    clocks: list[Clock] = []
    rules = rules_of(recipe)
    for one in past:
        values = one.drafted if drafted else one.lived
        clocks = advance(clocks, _happening(one.entry, recipe, values), rules, promise_for)
    return clocks


def _happening(entry: Entry, recipe: CompiledRecipe, values: Mapping[str, Any]) -> Happening:
    return happening_of(
        recipe,
        values,
        at=entry.at,
        kind=entry.kind,
        transition=entry.transition,
        visibility=entry.visibility,
        spoken=entry.spoken,
        by_requester=entry.actor == values.get("requester"),
        changes=entry.changes,
    )


def _numbered(clocks: Iterable[Clock]) -> dict[Key, Clock]:
    found: dict[Key, Clock] = {}
    for clock in clocks:
        turn = sum(key[:2] == (clock.name, clock.subject) for key in found)
        found[clock.name, clock.subject, turn] = clock
    return found


def due_of(clock: Clock) -> datetime | None:
    """Return when a clock is due, or was when it stopped; None for a pause or a stopwatch."""
    if clock.promise.seconds is None or clock.state in (PAUSED, VOID):
        return None
    left = clock.promise.seconds - clock.counted
    if left >= 0:
        return clock.promise.time.add_open_seconds(clock.mark, left)
    return clock.due()


def is_broken(clock: Clock, at: datetime) -> bool:
    """Tell whether more than was promised has been counted up to an instant."""
    if clock.promise.seconds is None or clock.state == VOID:
        return False
    counted = clock.counted_at(at) if at > clock.mark else clock.counted
    return counted > clock.promise.seconds
