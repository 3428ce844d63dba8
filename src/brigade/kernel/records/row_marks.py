"""What a row of a list says beside its columns: links, open tasks, what it waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db.models import F, Max

from brigade.kernel.records import queries
from brigade.kernel.records.access import Standing, allows
from brigade.kernel.records.models import JournalEntry

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one record: how many visible records are linked to it, and what the desk alone knows."""

    linked: int = 0
    tasks: int = 0
    waits_for: str = ""


def marks_of(person: Person, ids: Sequence[int]) -> dict[int, Marks]:
    """Return the marks of records the reader may see: two statements however many there are.

    Tasks are the desk's own; whoever reads only the public side sees none. A link
    counts where its other end may be read.
    """
    if not ids:
        return {}
    standing = Standing.of(person)
    linked = Counter(
        record_id
        for record_id, watched, other in queries.linked_rows(ids, person.pk)
        if (watched and standing.active) or _allowed(standing, "read", other)
    )
    return {
        row.id: Marks(linked[row.id], tasks if _allowed(standing, "internal", row) else 0, waits)
        for row, waits, tasks in queries.mark_rows(ids)
    }


def _allowed(standing: Standing, verb: str, reach: queries.Reach) -> bool:
    return allows(standing, verb, cast("Record", reach))


def last_answers(ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each record's requester was last answered, where they were. Unscoped."""
    said = JournalEntry.objects.filter(
        record_id__in=ids, visibility="public", kind__in=("said", "moved"), body_hash__isnull=False
    )
    theirs = said.exclude(actor=F("record__requester"))
    return dict(
        theirs.values("record_id").annotate(last=Max("at")).values_list("record_id", "last")
    )
