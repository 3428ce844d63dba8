"""The clocks of records whose history was brought in from another tool's log.

Their rules come with the log's map, not with the recipe. They are derived from
the entries as they lie in the journal, by the function that replays them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from brigade.kernel.clocks import queries
from brigade.kernel.clocks.engine import Clock as EngineClock
from brigade.kernel.clocks.engine import Rule
from brigade.kernel.clocks.models import Clock, Segment
from brigade.kernel.clocks.promises import book
from brigade.kernel.clocks.replay import derive
from brigade.kernel.clocks.ticking import row_of, segment_rows
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.queries import recipe_version

AT_ONCE = 1000
IDENTITY = ("record", "number")


def keep_brought_clocks(record_ids: Sequence[int], rules: Sequence[Rule]) -> None:
    """Write the clocks that a map's rules give for records, and the stretches not yet stored.

    The caller has written the entries in the same transaction. Asked again it
    changes nothing; where entries came after the stored ones, it goes on from
    there, since a finished stretch stays what it was. A record of which entries
    were erased keeps what it has.
    """
    names = {rule.name for rule in rules}
    targets, stored = book(), queries.stored_stretches(record_ids)
    clocks: list[Clock] = []
    segments: list[Segment] = []
    for record_id, entries in groupby(queries.entries_of(record_ids), lambda one: one.record_id):
        told = list(entries)
        if any(one.erased for one in told):
            continue
        recipe = recipe_version(told[0].recipe_version_id)
        for number, clock in enumerate(derive(told, recipe, rules, targets), 1):
            if clock.name in names:
                known = stored.get((record_id, number), 0)
                clocks.append(_clock(recipe, record_id, number, clock))
                segments += _segments(record_id, number, clock, known)
    changing = [field.name for field in Clock._meta.concrete_fields if not field.primary_key]
    Clock.objects.bulk_create(
        clocks,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=IDENTITY,
        update_fields=[name for name in changing if name not in IDENTITY],
    )
    Segment.objects.bulk_create(segments, batch_size=AT_ONCE)


def _clock(recipe: CompiledRecipe, record_id: int, number: int, clock: EngineClock) -> Clock:
    return Clock(record_id=record_id, **row_of(recipe, record_id, number, clock, None))


def _segments(record_id: int, number: int, clock: EngineClock, known: int) -> list[Segment]:
    """Return the stretches after the first `known` ones."""
    rows = segment_rows(number, clock, 0)[known:]
    return [Segment(record_id=record_id, end=row.pop("ended"), **row) for row in rows]
