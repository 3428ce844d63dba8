"""Which columns somebody sees in a view of the queue. What a column is, the page knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from brigade.kernel.work.models import ListColumns

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

MOST = 30


def columns_of(person: Person, view: str) -> list[str] | None:
    """Return the columns chosen for a view, in order, or None where nothing was chosen."""
    chosen: list[str] | None = (
        ListColumns.objects.filter(person=person, view=view)
        .values_list("columns", flat=True)
        .first()
    )
    return chosen


def choose_columns(view: str, columns: Sequence[str], *, by: Person) -> None:
    """Keep the columns of a view for oneself; none at all means the usual ones again."""
    if columns:
        ListColumns.objects.update_or_create(
            person=by, view=view[:20], defaults={"columns": list(columns)[:MOST]}
        )
    else:
        ListColumns.objects.filter(person=by, view=view[:20]).delete()
