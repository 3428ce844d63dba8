"""Where a record stands in a list, and what is before and after it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from brigade.kernel.records.access import Standing
from brigade.kernel.records.lists import ListFilter, Sort, filtered
from brigade.kernel.records.orders import ORDERS, place_of

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

CAP = 1000
"""Places in a list are counted no further."""


@dataclass(frozen=True, slots=True)
class Place:
    """Numbers of the records around one, its place from 1, and how many there are.

    `place` and `total` stop at CAP + 1. `place` is 0 for a record that has left
    the list meanwhile; what is around it is still what would be.
    """

    before: str | None
    after: str | None
    place: int
    total: int


def place_in(
    person: Person,
    wanted: ListFilter,
    sort: Sort,
    record: Record,
    standing: Standing | None = None,
) -> Place:
    """Return where a record stands in the list of this filter and sort."""
    standing = standing or Standing.of(person)
    order = ORDERS[sort]
    rows = filtered(person, wanted, standing)
    here = place_of(sort, vars(record))
    before = rows.filter(order.beyond(here, backwards=True))
    after = rows.filter(order.beyond(here))
    inside = rows.filter(pk=record.pk).exists()
    return Place(
        before=before.order_by(*order.by(backwards=True)).values_list("number", flat=True).first(),
        after=after.order_by(*order.by()).values_list("number", flat=True).first(),
        place=before.order_by()[: CAP + 1].count() + 1 if inside else 0,
        total=rows.order_by()[: CAP + 1].count(),
    )
