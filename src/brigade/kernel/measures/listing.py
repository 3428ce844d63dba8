"""The records behind a figure, one page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.measures.dimensions import Of
from brigade.kernel.measures.periods import Period
from brigade.kernel.measures.queries import rows_behind
from brigade.kernel.measures.queries.values import LIMIT
from brigade.kernel.measures.reading import Definition
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Invalid

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


@dataclass(frozen=True, slots=True)
class Behind:
    """A record that a figure counts: when it came into the period, and what it adds."""

    number: str
    title: str
    service: str
    team: str
    at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Behinds:
    """One page of them; `next` is the cursor of the page after."""

    items: list[Behind]
    next: str | None


def records_behind(
    person: Person | None,
    definition: Definition,
    period: Period,
    part: str,
    cut: tuple[str, Of] | None = None,
    cursor: str | None = None,
) -> Behinds:
    """Return the records of a numerator or denominator that the person may see, newest first."""
    rows = rows_behind(
        definition, period, part, person=person, as_of=instants.now(), cut=cut,
        after=_after(cursor),
    )  # fmt: skip
    page = rows[:LIMIT]
    records = Record.objects.filter(pk__in=[row.record_id for row in page])
    known = {
        pk: (number, title, service or "", team or "")
        for pk, number, title, service, team in records.values_list(
            "pk", "number", "title", "service__name", "team__name"
        )
    }
    last = page[-1] if len(rows) > LIMIT else None
    return Behinds(
        [Behind(*known[row.record_id], row.at, row.amount) for row in page],
        f"{last.at.isoformat()},{last.record_id}" if last else None,
    )


def _after(cursor: str | None) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    text, _comma, number = cursor.partition(",")
    try:
        at, last = datetime.fromisoformat(text), int(number)
    except ValueError:
        at, last = datetime.min, 0
    if at.tzinfo is None or not 0 < last < 2**63:
        raise Invalid(
            "bad_cursor", _("This list has no such place. Begin with the first page."), "cursor"
        )
    return at, last
