"""What a row of a list says beside its columns: links, open tasks, what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Q

from brigade.kernel.records.access import Standing, records_open_to_desk, records_visible_to
from brigade.kernel.records.models import JournalEntry, Link

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one record: how many visible records are linked to it, and what the desk alone knows."""

    linked: int = 0
    tasks: int = 0
    waits_for: str = ""


def marks_of(person: Person, ids: Sequence[int]) -> dict[int, Marks]:
    """Return the marks of these records for a reader: four statements however many there are.

    Tasks are the desk's own; whoever reads only the public side sees none.
    """
    standing = Standing.of(person)
    visible = records_visible_to(person, standing).filter(pk__in=ids)
    away = _linked(person, standing, "record_id", "other", ids)
    here = _linked(person, standing, "other_id", "record", ids)
    desk = records_open_to_desk(person, standing).filter(pk__in=ids)
    open_tasks = Count("tasks", filter=Q(tasks__state="open"))
    tasks = dict(desk.annotate(n=open_tasks).values_list("pk", "n"))
    waits = dict(visible.filter(state_category="waiting").values_list("pk", "data__waiting_reason"))
    return {
        each: Marks(
            away.get(each, 0) + here.get(each, 0), tasks.get(each, 0), waits.get(each) or ""
        )
        for each in ids
    }


def _linked(
    person: Person, standing: Standing, end: str, far: str, ids: Sequence[int]
) -> dict[int, int]:
    others = records_visible_to(person, standing).values("pk")
    found = Link.objects.filter(**{f"{end}__in": ids, f"{far}__in": others})
    return dict(found.values(end).annotate(n=Count("id")).values_list(end, "n"))


def last_answers(ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each record's requester was last answered, where they were. Unscoped."""
    said = JournalEntry.objects.filter(
        record_id__in=ids, visibility="public", kind__in=("said", "moved"), body_hash__isnull=False
    )
    theirs = said.exclude(actor=F("record__requester"))
    return dict(
        theirs.values("record_id").annotate(last=Max("at")).values_list("record_id", "last")
    )
