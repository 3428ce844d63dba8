"""The clocks of a record, moved on by the very write that something happens in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from brigade.kernel.clocks.engine import Happening
from brigade.kernel.clocks.rules import happening_of
from brigade.kernel.clocks.ticking import tick
from brigade.kernel.records.rows import EntryRow

if TYPE_CHECKING:
    from brigade.kernel.work.step import Step


def with_clocks(step: Step, entry: EntryRow) -> tuple[EntryRow, dict[str, Any]]:
    """Return the entry with its rows of clocks and segments, and the record's columns.

    A recipe without clocks costs nothing here.
    """
    columns = step.columns()
    if not step.recipe.clocks:
        return entry, columns
    happening = happening_of(
        step.recipe,
        step.after,
        at=entry.at,
        kind=entry.kind,
        transition=entry.transition,
        visibility=entry.visibility,
        spoken=bool(entry.body),
        by_requester=entry.actor_id == step.after.get("requester"),
        changes=entry.changes or {},
    )
    ticked = tick(
        step.recipe,
        step.record.pk,
        step.facts.clocks,
        happening,
        last=Happening(step.record.updated_at, frozenset(), step.before),
        raised=step.raised,
    )
    columns["next_due"] = min(columns["timer_due"], ticked.next_due)
    return replace(entry, clocks=ticked.clocks, segments=ticked.segments), columns
