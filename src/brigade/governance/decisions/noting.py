"""What the practice writes into the journal of a decision, beside the moves of its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.moving import move
from brigade.kernel.work.step import Step, Way, commit

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.rows import EntryRow


def note(
    record: Record,
    *,
    by: Person,
    origin: str,
    facts: Mapping[str, Any] | None = None,
    said: Mapping[str, str] | None = None,
    tell: tuple[str, ...] = (),
    task: tuple[str, int | None] | None = None,
) -> Record:
    """Write one entry: facts of the record that no person fills in, and what else to say.

    `tell` names roles that hear of an escalation; `task` (title, person) opens with it.
    """

    def decide(step: Step) -> EntryRow:
        for name, value in (facts or {}).items():
            step.put(name, value)
        if tell:
            step.tell("decision_escalated", tell, {})
        if task is not None:
            step.tasks.append(task)
        entry = entry_of(step, "changed", "internal")
        return entry.with_changes({name: [None, words] for name, words in (said or {}).items()})

    return commit(record.pk, Way.of(by, origin, None), decide)


def advance(
    record: Record,
    step: str,
    *,
    by: Person,
    origin: str,
    facts: Mapping[str, Any] | None = None,
    said: Mapping[str, str] | None = None,
    task: tuple[str, int | None] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Record:
    """Clear a step of the recipe and take it: the verbs and the votes do, nobody else can."""
    cleared = note(
        record, by=by, origin=origin, facts={**(facts or {}), "passes": step}, said=said, task=task
    )
    return move(cleared, step, by=by, fields=fields, as_system=True, origin=origin)
