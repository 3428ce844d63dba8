"""One record with all that hangs on it, as far as one reader may see it.

The number of statements is the same however long the journal is and however
much is linked, done, watched and attached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from brigade.kernel.records.access import (
    Standing,
    allows,
    hidden,
    may,
    readable,
    records_visible_to,
    visibilities,
)
from brigade.kernel.records.models import File, JournalEntry, Link, Record, Task, Watcher

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

ENTRIES = 200
"""Entries read at once, the newest; older ones are read with `before`."""

_NAMED = (
    "requester", "requester__organisation", "assignee", "team", "service", "offering",
    "customer", "provider", "opened_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader may see of a record.

    `entries` are oldest first; `earlier` tells that there are more before them.
    `links` lead from the record, `linked_from` to it; both only to records the
    reader may see. Tasks are the desk's own, so they come with `internal`.
    """

    record: Record
    standing: Standing
    internal: bool
    update: bool
    entries: list[JournalEntry]
    earlier: bool
    files: list[File]
    tasks: list[Task]
    links: list[Link]
    linked_from: list[Link]
    watchers: list[Watcher]

    @property
    def seen(self) -> int:
        """Return the number of the newest entry that was read; 0 where there is none."""
        return self.entries[-1].number if self.entries else 0

    @property
    def watched(self) -> bool:
        """Tell whether the reader watches the record."""
        return any(watcher.person_id == self.standing.person_id for watcher in self.watchers)


def record_for(person: Person, number: str, standing: Standing | None = None) -> Record:
    """Return the record with this number; raises Hidden where it is not there for this person."""
    record = Record.objects.select_related(*_NAMED).filter(number=number).order_by().first()
    if record is None or not may(person, "read", record, standing):
        raise hidden()
    return record


def read_record(person: Person, number: str, *, before: int | None = None) -> Reading:
    """Return the record with this number and what hangs on it, or raise Hidden.

    `before` is the number of an entry: only what came before it is read then.
    """
    standing = Standing.of(person)
    record = record_for(person, number, standing)
    sides = visibilities(standing, record)
    internal = allows(standing, "internal", record)
    entries = _entries(record, sides, before)
    links, linked_from = _links(person, standing, record)
    return Reading(
        record=record,
        standing=standing,
        internal=internal,
        update=allows(standing, "update", record),
        entries=entries[-ENTRIES:],
        earlier=len(entries) > ENTRIES,
        files=list(
            File.objects.filter(record=record, visibility__in=sides)
            .select_related("added_by")
            .order_by("id")
        ),
        tasks=_tasks(record) if internal else [],
        links=links,
        linked_from=linked_from,
        watchers=list(
            Watcher.objects.filter(record=record)
            .select_related("person")
            .order_by("person__sort_name", "person_id")
        ),
    )


def _entries(record: Record, sides: tuple[str, ...], before: int | None) -> list[JournalEntry]:
    """Return one entry more than is shown, so that one knows whether there are more."""
    entries = JournalEntry.objects.filter(record=record, visibility__in=sides)
    if before is not None:
        entries = entries.filter(number__lt=before)
    newest = entries.select_related("actor").order_by("-number")[: ENTRIES + 1]
    return list(newest)[::-1]


def _tasks(record: Record) -> list[Task]:
    tasks = Task.objects.filter(record=record).select_related("person", "ended_by")
    return list(tasks.order_by("kind", "id"))


def _links(person: Person, standing: Standing, record: Record) -> tuple[list[Link], list[Link]]:
    """Return the links from a record and those to it whose other end the person may see.

    A link to what is no record is shown by the page that knows both ends.
    """
    rows = Link.objects.filter(Q(record=record) | Q(other=record), other__isnull=False)
    found = list(rows.order_by("type", "id"))
    if not found:
        return [], []
    ends = Record.objects.in_bulk(
        {one for link in found for one in (link.record_id, link.other_id)}
    )
    open_to = readable(person, standing, ends.values()) | {record.pk}
    for link in found:
        link.record, link.other = ends[link.record_id], ends[link.other_id]
    seen = [link for link in found if {link.record_id, link.other_id} <= open_to]
    return (
        [link for link in seen if link.record_id == record.pk],
        [link for link in seen if link.other_id == record.pk],
    )


def entry_for(person: Person, record: Record, number: int) -> JournalEntry:
    """Return one entry that the person may read, or raise Hidden."""
    sides = visibilities(Standing.of(person), record)
    entry = JournalEntry.objects.filter(record=record, number=number, visibility__in=sides).first()
    if entry is None:
        raise hidden()
    return entry


def link_of(person: Person, record: Record, link_id: int) -> Link:
    """Return a link that begins or ends at the record, both ends visible, or raise Hidden."""
    visible = records_visible_to(person).values("pk")
    found = Link.objects.filter(pk=link_id, record__in=visible, other__in=visible)
    link = found.select_related("record", "other").first()
    if link is None or record.pk not in (link.record_id, link.other_id):
        raise hidden()
    return link


def task_of(person: Person, record: Record, task_id: int) -> Task:
    """Return a task of the record to somebody who may read the desk's side, or raise Hidden."""
    task = Task.objects.filter(pk=task_id, record=record).select_related("record").first()
    if task is None or not allows(Standing.of(person), "internal", record):
        raise hidden()
    return task


def said_since(person: Person, record: Record, number: int) -> list[JournalEntry]:
    """Return what others said publicly after entry `number`, oldest first."""
    said = JournalEntry.objects.filter(
        record=record, number__gt=number, visibility="public", body__isnull=False
    )
    return list(said.exclude(actor=person).select_related("actor").order_by("number")[:50])
