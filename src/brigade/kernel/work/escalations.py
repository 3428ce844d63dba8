"""Escalations that are due: what a recipe says shall happen at a mark of a clock."""

from __future__ import annotations

from datetime import datetime

from brigade.kernel import instants
from brigade.kernel.clocks.escalating import bit, pending
from brigade.kernel.clocks.queries import DueClock, due_clocks
from brigade.kernel.clocks.ticking import kept
from brigade.kernel.clocks.writes import look_again
from brigade.kernel.parties.operators import operator
from brigade.kernel.recipes.elements import Escalation
from brigade.kernel.records.access import Standing
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Stale
from brigade.kernel.work.effects import apply_effects
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.step import Step, Way, commit

BATCH = 500
TOPIC = "escalated"


def raise_due(*, at: datetime | None = None, batch: int = BATCH) -> int:
    """Raise what is due on the next `batch` clocks; return how many escalations were raised.

    One index scan over what is due, then one write for each escalation, in the
    order of its marks. Safe to repeat and to run twice at once: the write asks
    the clock again and holds only for the version of the record it was asked on.
    A clock that is no longer due is looked at again when it is.
    """
    instant = at or instants.now()
    system = operator("Brigade")
    way = Way(system, "system", instant)
    standing = Standing.of(system, instant)
    return sum(_raise_on(found, way, standing) for found in due_clocks(instant, batch))


def _raise_on(found: DueClock, way: Way, standing: Standing) -> int:
    """Raise every escalation of one clock that is due, one after the other."""
    raised = 0
    while True:
        asked = _Asked(found.number)
        try:
            commit(found.record_id, way, asked.decide, standing)
        except Stale:
            return raised
        if asked.raised is None:
            if not raised:
                look_again(found.id, found.alert_at, asked.next_at)
            return raised
        raised += 1


class _Asked:
    """A clock asked for its next escalation: which one was raised, or when it is due."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.raised: Escalation | None = None
        self.next_at = instants.NEVER

    def decide(self, step: Step) -> EntryRow | None:
        """Raise the next escalation of the clock if it is due; it may be asked again."""
        self.raised = None
        known = kept(step.facts.clocks[self.number - 1])
        waiting = pending(step.recipe, known.clock, known.alerts, known.due_at)
        self.next_at = waiting[0].at if waiting else instants.NEVER
        if self.next_at > step.way.at:
            return None
        self.raised = escalation = waiting[0].escalation
        mark = {"clock": escalation.clock, "share": str(escalation.at)}
        missing = apply_effects(step, escalation.do, TOPIC, **mark)
        step.raised = {self.number: bit(escalation)}
        told = {name: [None, word] for name, word in mark.items()}
        if missing:
            told["left_out"] = [None, ", ".join(missing)]
        return entry_of(step, "escalated", "internal").with_changes(told)
