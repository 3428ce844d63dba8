"""Which version is run by how many records, and those that could come to another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from brigade.kernel.recipes.models import RecipeVersion
from brigade.kernel.recipes.queries import adoption_of, versions_of
from brigade.kernel.records.models import Record

if TYPE_CHECKING:
    from django.db.models import QuerySet

RUNNING = ("new", "active", "waiting", "resolved")
"""The categories of a record that its recipe still has something to say to."""
BATCH = 500
"""Records of one statement."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A published version: whether new records take it, and how many are under way with it.

    It is archived where neither holds. That is not stored: it follows.
    """

    version: RecipeVersion
    current: bool
    running: int

    @property
    def archived(self) -> bool:
        """Whether nothing runs it any longer and nothing will."""
        return not self.current and not self.running


def standings_of(key: str) -> list[Standing]:
    """Return every published version of a recipe, the newest first, with who runs it."""
    adoption = adoption_of(key)
    rows = running_records(key).values("recipe_version_id").annotate(number=Count("pk"))
    counted = {row["recipe_version_id"]: row["number"] for row in rows}
    current = adoption.version_id if adoption and adoption.state == "adopted" else None
    return [
        Standing(version, version.pk == current, counted.get(version.pk, 0))
        for version in versions_of(key)
    ]


def running_records(key: str) -> QuerySet[Record]:
    """Return the records of a practice that are not closed or cancelled. Unscoped."""
    return Record.objects.filter(recipe_version__key=key, state_category__in=RUNNING)


def elsewhere(key: str, version: int, batch: int = BATCH) -> Iterator[list[Record]]:
    """Yield the running records of a practice that pin another version, batch by batch."""
    after = 0
    while True:
        rows = running_records(key).exclude(recipe_version_id=version).filter(pk__gt=after)
        page: Sequence[Record] = list(rows.order_by("pk")[:batch])
        if not page:
            return
        yield list(page)
        after = page[-1].pk
