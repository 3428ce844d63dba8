"""Tasks and checklist items on a record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel.records.access import Standing, require
from brigade.kernel.records.models import Record, Task
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.step import Step, Way, commit
from brigade.kernel.work.values import read_value

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

TITLE_LIMIT = 200


def add_task(
    record: Record,
    title: str,
    *,
    by: Person,
    kind: str = "todo",
    required: bool = False,
    person: Person | int | None = None,
    due_at: datetime | None = None,
    origin: str = "page",
) -> Task:
    """Put a task (`todo`) or a checklist item (`checklist`) on a record.

    A required one must be done or skipped before the record can be resolved.
    """
    way = Way.of(by, origin, None)
    standing = Standing.of(by, way.at)
    require(by, "update", record, standing)
    words = str(read_value("title", title, None) or "")
    if not words or len(words) > TITLE_LIMIT:
        raise Invalid("no_title", _("Say in one line what is to be done."), "title")
    if kind not in ("todo", "checklist"):
        raise Invalid("bad_kind", _("A task is a to-do or a checklist item."), "kind")
    with transaction.atomic():
        task = Task.objects.create(
            record=record,
            kind=kind,
            title=words,
            required=required,
            person_id=read_value("assignee", person, None),
            due_at=due_at,
            made_at=way.at,
        )
        _tell(task, [None, "open"], way, standing)
    return task


def end_task(task: Task, outcome: str, *, by: Person, origin: str = "page") -> Task:
    """End a task as `done` or `skipped`, or open it again with `open`."""
    way = Way.of(by, origin, None)
    standing = Standing.of(by, way.at)
    require(by, "update", task.record, standing)
    if outcome not in ("done", "skipped", "open"):
        raise Invalid("bad_outcome", _("A task is done, skipped or open."), "outcome")
    with transaction.atomic():
        fresh = Task.objects.select_for_update().get(pk=task.pk)
        if fresh.state == outcome:
            raise Refused("task_is_so", _("This task stands like that already."))
        before, fresh.state = fresh.state, outcome
        fresh.ended_at = None if outcome == "open" else way.at
        fresh.ended_by = None if outcome == "open" else by
        fresh.save(update_fields=["state", "ended_at", "ended_by"])
        _tell(fresh, [before, outcome], way, standing)
    return fresh


def _tell(task: Task, change: list[str | None], way: Way, standing: Standing) -> None:
    def decide(step: Step) -> EntryRow:
        return replace(
            entry_of(step, "task", "internal"),
            changes={"task": change, "task.title": [None, task.title]},
            words=task.title,
        )

    commit(task.record_id, way, decide, standing)
