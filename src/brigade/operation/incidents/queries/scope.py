"""Which incidents a figure is about: whose eyes, which zone, which period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import records_visible_to
from brigade.kernel.records.models import Record

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

KIND = "incident"


@dataclass(frozen=True, slots=True)
class Scope:
    """The incidents to count.

    `person` None is the operator at the command line, who stands outside all
    scopes. `zone` (IANA) cuts days and months. `start` and `end` bound, half
    open, when an incident was opened, or resolved where a figure is about that.
    `source` takes only what was imported from there.
    """

    person: Person | None
    zone: str = "UTC"
    start: datetime | None = None
    end: datetime | None = None
    source: str = ""

    def records(self) -> QuerySet[Record]:
        """Return the incidents that may be counted at all, whenever they were opened."""
        if self.person is None:
            found = Record.objects.filter(kind=KIND)
        else:
            found = records_visible_to(self.person).filter(kind=KIND)
        return found.filter(source=self.source) if self.source else found

    def opened(self) -> QuerySet[Record]:
        """Return those that were opened in the period."""
        return self._within(self.records(), "opened_at")

    def resolved(self) -> QuerySet[Record]:
        """Return those that were resolved in the period."""
        return self._within(self.records().filter(resolved_at__isnull=False), "resolved_at")

    def _within(self, records: QuerySet[Record], column: str) -> QuerySet[Record]:
        if self.start is not None:
            records = records.filter(**{f"{column}__gte": self.start})
        if self.end is not None:
            records = records.filter(**{f"{column}__lt": self.end})
        return records


def ids_of(records: QuerySet[Record]) -> tuple[str, tuple[Any, ...]]:
    """Return a subquery of ids with its parameters."""
    try:
        sql, parameters = records.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return "select null::bigint where false", ()
    return sql, tuple(parameters)


def rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def state_categories(records: QuerySet[Record]) -> list[tuple[int, str, str]]:
    """Return (recipe version, state, category) for every version these records run."""
    versions = records.order_by().values_list("recipe_version_id", flat=True).distinct()
    return [
        (version, state.key, state.category)
        for version in versions
        for state in recipe_version(version).states.values()
    ]


def hours(seconds: Any) -> float | None:
    """Return seconds as hours with three places, or None where there is nothing to tell."""
    return None if seconds is None else round(float(seconds) / 3600, 3)


def utc(at: datetime) -> datetime:
    """Return an instant in UTC, as a filter of the queue carries it."""
    return at.astimezone(UTC)
