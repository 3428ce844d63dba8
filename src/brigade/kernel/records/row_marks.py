"""What a row of a list says beside its columns: links, open tasks, what it waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db.models import F, Max

from brigade.kernel.records import queries
from brigade.kernel.records.access import Standing, allows
from brigade.kernel.records.models import JournalEntry

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one record: how many visible records are linked to it, and what the desk alone knows.

    `own` holds the values of the organisation's own fields that were asked for.
    """

    linked: int = 0
    tasks: int = 0
    waits_for: str = ""
    own: Mapping[str, Any] = field(default_factory=dict)


def marks_of(
    person: Person, ids: Sequence[int], own: Mapping[str, bool] | None = None
) -> dict[int, Marks]:
    """Return the marks of records the reader may see: two statements however many there are.

    Tasks are the desk's own; whoever reads only the public side sees none. A link
    counts where its other end may be read. `own` names fields whose values come along,
    each with whether it is public: the others are the desk's too.
    """
    own = own or {}
    if not ids:
        return {}
    standing = Standing.of(person)
    linked = Counter(
        record_id
        for record_id, watched, other in queries.linked_rows(ids, person.pk)
        if (watched and standing.active) or _allowed(standing, "read", other)
    )
    found = {}
    for row, waits, tasks, values in queries.mark_rows(ids, tuple(own)):
        internal = _allowed(standing, "internal", row)
        known = {name: value for name, value in values.items() if internal or own[name]}
        found[row.id] = Marks(linked[row.id], tasks if internal else 0, waits, known)
    return found


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
