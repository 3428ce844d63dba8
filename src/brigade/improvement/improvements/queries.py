"""Reads of improvements: the register, inside what a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.improvement.improvements.access import KIND
from brigade.improvement.improvements.actions import IMPROVES
from brigade.kernel.recipes.queries import version_for
from brigade.kernel.records.access import records_visible_to
from brigade.kernel.records.models import Link, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from brigade.kernel.parties.models import Person

MOST = 100


def register(person: Person) -> list[Record]:
    """Return the improvements a person may see, the last changed first; Hidden if not adopted."""
    version_for(KIND)
    rows = records_visible_to(person).filter(kind=KIND).select_related("requester", "assignee")
    return list(rows.order_by("-updated_at", "-id")[:MOST])


def improved_by(records: Iterable[Record]) -> dict[int, tuple[str, int]]:
    """Return what each of these improvements improves, as (kind, id), by the record's id."""
    rows = Link.objects.filter(
        record__in=[one.pk for one in records], type=IMPROVES, target_id__isnull=False
    )
    return {
        record: (kind, target)
        for record, kind, target in rows.values_list("record_id", "target_kind", "target_id")
        if target is not None
    }


def improvements_of(person: Person, kind: str, target: int) -> list[Record]:
    """Return the improvements of one thing that a person may see, the newest first."""
    rows = records_visible_to(person).filter(
        kind=KIND, links__type=IMPROVES, links__target_kind=kind, links__target_id=target
    )
    return list(rows.order_by("-id")[:MOST])
