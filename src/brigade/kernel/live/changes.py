"""Which rows of a list have changed, so that a page can renew them where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from brigade.kernel.records.lists import ListFilter, filtered, rows_of

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

MOST = 100


def changed_rows(
    person: Person, wanted: ListFilter, *, numbers: Sequence[str], since: datetime | None
) -> list[dict[str, Any]]:
    """Return the rows of a list that are among `numbers` or changed after `since`, at most 100.

    What is among `numbers` and not returned stands in the list no longer, or is
    not for this person.
    """
    inside = filtered(person, wanted)
    found = list(inside.filter(number__in=list(numbers)[:MOST]).values_list("pk", flat=True))
    if since is not None:
        later = inside.filter(updated_at__gte=since).order_by("-updated_at", "-pk")
        found += later.values_list("pk", flat=True)[:MOST]
    return rows_of(person, list(dict.fromkeys(found))[:MOST])
