"""Timers that are due: the recipe's transitions, fired as the system."""

from __future__ import annotations

from datetime import datetime

from brigade.kernel import instants
from brigade.kernel.parties.actions import operator
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Refused
from brigade.kernel.work.moving import move

BATCH = 200


def fire_due(*, at: datetime | None = None, batch: int = BATCH) -> int:
    """Fire the timers that are due, at most `batch`; return how many records moved.

    One index scan over what is due. Safe to repeat and to run twice at once: a
    record that has moved meanwhile is no longer due.
    """
    instant = at or instants.now()
    system = operator("Brigade")
    moved = 0
    due = Record.objects.exclude(timer="").filter(timer_due__lte=instant).order_by("timer_due")
    for record in due[:batch]:
        timer = recipe_version(record.recipe_version_id).timers.get(record.timer)
        try:
            if timer is None or timer.fire is None:
                raise Refused("no_such_timer", "the recipe has no such timer")
            move(record, timer.fire, by=system, origin="system", as_system=True)
            moved += 1
        except Refused:
            _let_go(record)
    return moved


def _let_go(record: Record) -> None:
    """Stop a timer that its recipe does not let fire, so that it is not tried for ever."""
    Record.objects.filter(pk=record.pk, version=record.version).update(
        timer="", timer_due=instants.NEVER, next_due=instants.NEVER
    )
