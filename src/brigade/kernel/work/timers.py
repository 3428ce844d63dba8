"""Timers that are due: the recipe's transitions, fired as the system, and effects that repeat."""

from __future__ import annotations

from datetime import datetime

from brigade.kernel import instants
from brigade.kernel.parties.operators import operator
from brigade.kernel.recipes.elements import Timer
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.models import Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Refused
from brigade.kernel.work.effects import apply_effects
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.moving import move
from brigade.kernel.work.step import Step, Way, commit

BATCH = 200
TOPIC = "timed"


def fire_due(*, at: datetime | None = None, batch: int = BATCH) -> int:
    """Fire the timers that are due, at most `batch`; return how many records were written.

    One index scan over what is due. Safe to repeat and to run twice at once: a
    timer that somebody else fired meanwhile is no longer due.
    """
    instant = at or instants.now()
    way = Way(operator("Brigade"), "system", instant)
    due = Record.objects.exclude(timer="").filter(timer_due__lte=instant).order_by("timer_due")
    return sum(_fire(record, way) for record in due[:batch])


def _fire(record: Record, way: Way) -> bool:
    timer = recipe_version(record.recipe_version_id).timers.get(record.timer)
    try:
        if timer is None:
            raise Refused("no_such_timer", "the recipe has no such timer")
        if timer.fire is None:
            written = commit(record.pk, way, lambda step: _act(step, timer))
        else:
            written = move(
                record,
                timer.fire,
                by=way.by,
                origin="system",
                as_system=True,
                timer=timer.key,
            )
        return written.version > record.version
    except Refused:
        _let_go(record)
        return False


def _act(step: Step, timer: Timer) -> EntryRow | None:
    """Let the effects of a timer happen; nothing where it is no longer due."""
    if not step.is_due(timer.key):
        return None
    missing = apply_effects(step, timer.do, TOPIC, timer=timer.key)
    step.reprioritise()
    told: dict[str, list[str | None]] = {"timer": [None, timer.key]}
    if missing:
        told["left_out"] = [None, ", ".join(missing)]
    return entry_of(step, "timed", "internal").with_changes(told)


def _let_go(record: Record) -> None:
    """Stop a timer that its recipe does not let fire, so that it is not tried for ever."""
    Record.objects.filter(pk=record.pk, version=record.version).update(
        timer="", timer_due=instants.NEVER, next_due=instants.NEVER
    )
