"""Work time: the minutes somebody worked on a record, kept as a sum that entries add to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.records.access import Standing, allows, require
from brigade.kernel.records.canonical import check_text
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Invalid, NotPermitted
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.step import Step, Way, commit

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

MINUTES = "worked_minutes"
"""The key in `data` under which a record keeps the sum; each entry's change says who added what."""
LONGEST = 24 * 60
"""Minutes of one entry; longer work is several days' and several entries."""
NOTE_LIMIT = 2_000


def log_work(
    record: Record,
    minutes: int,
    *,
    by: Person,
    note: str = "",
    origin: str = "page",
    at: datetime | None = None,
    os_user: str = "",
) -> Record:
    """Add the minutes that `by` worked on the record, with an internal note if there is one.

    A negative number corrects what was given before, never below nothing: the
    entry that was wrong stays and another one puts it right. Raises Invalid with
    the field, NotPermitted, Hidden, or Refused on a closed record.
    """
    way = Way.of(by, origin, at, os_user)
    standing = Standing.of(by, way.at)
    text = check_text(note.replace("\r\n", "\n").strip(), "note", most=NOTE_LIMIT)

    def decide(step: Step) -> EntryRow:
        require(by, "update", step.record, standing)
        step.refuse_closed()
        add_minutes(step, minutes)
        return entry_of(step, "changed", "internal", body=text)

    return commit(record.pk, way, decide, standing)


def add_minutes(step: Step, minutes: int) -> None:
    """Add minutes to the sum of a record being decided on."""
    if not allows(step.standing, "internal", step.record):
        raise NotPermitted("not_permitted", _("You may not log work time here."), "minutes")
    if not minutes or abs(minutes) > LONGEST:
        raise Invalid(
            "bad_minutes",
            _("Give the minutes worked, at most %(most)d; a minus takes some off again.")
            % {"most": LONGEST},
            "minutes",
        )
    total = worked(step.record) + minutes
    if total < 0:
        raise Invalid(
            "below_nothing",
            _("Only %(minutes)d minutes are logged. Take off no more than that.")
            % {"minutes": worked(step.record)},
            "minutes",
        )
    step.put(MINUTES, total)


def worked(record: Record) -> int:
    """Return the minutes worked on a record so far."""
    return int(record.data.get(MINUTES) or 0)


def worked_by(record: Record) -> dict[int, int]:
    """Return the minutes that each person worked on a record, by id, as its entries say."""
    rows = JournalEntry.objects.filter(record=record, changes__has_key=MINUTES)
    found: dict[int, int] = {}
    for person, changes in rows.order_by("number").values_list("actor_id", "changes"):
        before, after = (changes or {})[MINUTES]
        if person is not None:
            found[person] = found.get(person, 0) + (after or 0) - (before or 0)
    return found
