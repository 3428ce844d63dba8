"""Watching a record: hearing of it without working on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.records.access import Standing, require
from brigade.kernel.records.models import Record, Watcher
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import NotPermitted
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.step import Step, Way, commit

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def watch(
    record: Record, *, by: Person, person: Person | None = None, origin: str = "page"
) -> None:
    """Let `person` (default: oneself) hear of a record and read its public side.

    Copying somebody else in opens the record to them, so it takes the right to
    change the record, or to have asked for it. Doing it twice changes nothing.
    """
    watcher = person or by
    way = Way.of(by, origin, None)
    standing = Standing.of(by, way.at)
    require(by, "read", record, standing)
    if watcher.pk != by.pk and record.requester_id != by.pk:
        require(by, "update", record, standing)
    if not watcher.is_active:
        raise NotPermitted("disabled", _("This person has left."), "person")
    _made, new = Watcher.objects.get_or_create(
        record=record, person=watcher, defaults={"added_by": by, "added_at": way.at}
    )
    if new:
        _tell(record, [None, watcher.pk], way, standing)


def unwatch(
    record: Record, *, by: Person, person: Person | None = None, origin: str = "page"
) -> None:
    """Stop watching, or stop somebody else's watching where one may change the record."""
    watcher = person or by
    way = Way.of(by, origin, None)
    standing = Standing.of(by, way.at)
    require(by, "read", record, standing)
    if watcher.pk != by.pk:
        require(by, "update", record, standing)
    gone, _each = Watcher.objects.filter(record=record, person=watcher).delete()
    if gone:
        _tell(record, [watcher.pk, None], way, standing)


def _tell(record: Record, change: list[int | None], way: Way, standing: Standing) -> None:
    def decide(step: Step) -> EntryRow:
        return replace(entry_of(step, "watched", "internal"), changes={"watcher": change})

    commit(record.pk, way, decide, standing)
