"""Attaching files to a record, for everybody on it or for the desk alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import IO, TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel.records.access import Standing, hidden, records_visible_to, visibilities
from brigade.kernel.records.files import Stored, open_stored, store
from brigade.kernel.records.models import File, Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Hidden
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.saying import may_say
from brigade.kernel.work.step import Step, Way, commit

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def attach(
    record: Record,
    name: str,
    content: IO[bytes] | bytes,
    *,
    by: Person,
    visibility: str,
    origin: str = "page",
    at: datetime | None = None,
) -> File:
    """Keep a file on a record. Whoever may say something may attach something.

    Raises Invalid where the file is not taken, NotPermitted or Hidden.
    """
    way = Way.of(by, origin, at)
    standing = Standing.of(by, way.at)
    may_say(Step.on(Record.objects.get(pk=record.pk), way, standing), visibility)
    stored = store(name, content)

    def decide(step: Step) -> EntryRow:
        may_say(step, visibility)
        entry = entry_of(step, "attached", visibility)
        words = stored.name
        return replace(
            entry,
            changes={"file": [None, {"name": words, "sha256": stored.sha256}]},
            words=words,
            public_words=words if visibility == "public" else "",
        )

    with transaction.atomic():
        written = commit(record.pk, way, decide, standing)
        return _row(written, stored, way, visibility)


def _row(record: Record, stored: Stored, way: Way, visibility: str) -> File:
    return File.objects.create(
        record=record,
        entry_number=record.entries,
        name=stored.name,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        visibility=visibility,
        state="clean" if stored.clean else "quarantined",
        verdict=stored.verdict,
        added_by=way.by,
        added_at=way.at,
    )


def file_for(person: Person, file_id: int) -> tuple[File, IO[bytes]]:
    """Return a file and its content to somebody who may read the record's side it is on.

    Raises Hidden for every file that is not there, not clean, or not theirs.
    """
    standing = Standing.of(person)
    file = File.objects.filter(pk=file_id).select_related("record").first()
    if file is None:
        raise hidden()
    record = records_visible_to(person, standing).filter(pk=file.record_id).first()
    if record is None or file.visibility not in visibilities(standing, record):
        raise hidden()
    if file.state != "clean":
        raise Hidden("quarantined", _("The scanner held this file back. Ask the desk about it."))
    return file, open_stored(file.sha256)
