"""Erasing what an entry says, with a reason, while the chain still holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel.parties.held import holds
from brigade.kernel.records.access import Standing, hidden, may
from brigade.kernel.records.canonical import check_text
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.records.writes import rebuild_search
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.step import Step, Way, commit

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

ERASED = "[erased]"


def may_erase(by: Person) -> bool:
    """Tell whether the person may erase what entries say, where they may read them."""
    return holds(by, "admin") or holds(by, "process_owner")


def require_eraser(by: Person) -> None:
    """Raise NotPermitted for anybody who may not erase entries."""
    if not may_erase(by):
        raise NotPermitted(
            "not_permitted", _("Only an administrator or the process owner may erase an entry.")
        )


def erase_entry(entry: JournalEntry, *, by: Person, reason: str, origin: str = "page") -> None:
    """Erase the body and the changes of one entry: a pasted secret, personal data.

    Only an administrator or the process owner may, and must say why; that it was
    done, by whom and why stays in the journal. The hash of what was there stays
    too, so the chain holds. The report's own text goes with its first entry.
    """
    way = Way.of(by, origin, None)
    standing = Standing.of(by, way.at)
    if entry.record_id is None:
        raise hidden()
    record = Record.objects.get(pk=entry.record_id)
    if not may(by, "read", record, standing):
        raise hidden()
    require_eraser(by)
    why = check_text(reason.strip(), "reason")
    if not why:
        raise Invalid("no_reason", _("Say why this is erased."), "reason")
    if entry.erased_at is not None:
        raise Refused("erased_already", _("This entry has been erased already."))

    def decide(step: Step) -> EntryRow:
        if entry.number == 1 or (entry.changes and "description" in entry.changes):
            step.put("description", ERASED if step.get("description") else "")
        written = entry_of(step, "erased", "internal", body=why)
        return replace(written, changes={"entry": [entry.number, None]})

    with transaction.atomic():
        JournalEntry.objects.filter(pk=entry.pk, erased_at__isnull=True).update(
            body=None, changes=None, erased_at=way.at, erased_by=by, erased_reason=why
        )
        commit(record.pk, way, decide, standing)
        rebuild_search([record.pk])
