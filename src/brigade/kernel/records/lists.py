"""Lists of records: filtered, sorted and paged by key, inside what the reader may see.

The queue, the portal, the API and every badge ask here, so that a number and the
list behind it can never disagree. The ORM writes the statement, psycopg runs it
prepared; what a partial index is about stands in it as a literal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from brigade.kernel.records import queries
from brigade.kernel.records.access import Standing, records_visible_to, scope
from brigade.kernel.records.models import Record, SearchRow, Watcher
from brigade.kernel.records.models.record import OPEN_CATEGORIES
from brigade.kernel.records.orders import ORDERS, Sort, cursor, read_cursor
from brigade.kernel.records.search import tsquery

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

__all__ = [
    "COUNT_CAP",
    "LIMIT",
    "OPEN",
    "ListFilter",
    "Page",
    "Sort",
    "counts",
    "filtered",
    "list_page",
    "rows_of",
]

LIMIT = 100
"""Rows of one page at most."""
COUNT_CAP = 1000
"""A badge counts no further: beyond it says "more than"."""

COLUMNS = (
    "id", "number", "kind", "title", "state", "state_category", "priority", "priority_fact",
    "confidential", "channel", "opened_at", "updated_at", "resolved_at", "closed_at", "next_due",
    "timer", "timer_due", "version", "recipe_version_id", "requester_id", "requester__name",
    "customer_id", "customer__name", "service_id", "service__code", "service__name", "team_id", "team__name",
    "assignee_id", "assignee__name",
)  # fmt: skip
"""What a row of a list holds."""


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which records a list is about; an empty tuple or None leaves that question open.

    `priorities` 1 is the highest. `text` is looked for as `search` looks for words.
    `off_matrix`: only those whose priority is another than the matrix gives.
    `unassigned` and `assignee` exclude each other. `updated_since` is aware.
    """

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    teams: tuple[int, ...] = ()
    assignee: int | None = None
    unassigned: bool = False
    requester: int | None = None
    customers: tuple[int, ...] = ()
    services: tuple[int, ...] = ()
    priorities: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    off_matrix: bool | None = None
    watched_by: int | None = None
    updated_since: datetime | None = None
    opened_since: datetime | None = None
    opened_before: datetime | None = None
    resolved_since: datetime | None = None
    resolved_before: datetime | None = None
    due_since: datetime | None = None
    due_before: datetime | None = None
    text: str = ""

    def only_open(self) -> bool:
        """Tell whether it asks for open work exactly, the predicate of the partial indexes."""
        return set(self.categories) == set(OPEN_CATEGORIES)


OPEN = ListFilter(categories=OPEN_CATEGORIES)
"""Everything somebody still has to do something about."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as plain dicts of `COLUMNS`, and where the next page begins; None on the last."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    next_cursor: str | None = None


def list_page(
    person: Person,
    wanted: ListFilter,
    sort: Sort = Sort.UPDATED,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Return one page of the records a person may read, at most `limit` (100) rows.

    `after` is the `next_cursor` of the page before. Raises Invalid for one that is
    not, or of another sort.
    """
    order, size = ORDERS[sort], max(1, min(limit, LIMIT))
    records = filtered(person, wanted)
    if sort is Sort.DUE and not wanted.categories:
        records = records.filter(queries.open_work())
    if after:
        records = records.filter(order.beyond(read_cursor(after, sort)))
    rows = _fetch(records.order_by(*order.by()).values(*COLUMNS)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, cursor(sort, rows[-1]) if more else None)


def rows_of(person: Person, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the rows of these records that a person may read, in the order given."""
    rows = _fetch(records_visible_to(person).filter(pk__in=ids).values(*COLUMNS))
    by_id = {row["id"]: row for row in rows}
    return [by_id[each] for each in ids if each in by_id]


def counts(
    person: Person, filters: Mapping[str, ListFilter], cap: int = COUNT_CAP
) -> dict[str, int]:
    """Return how many records each filter finds, in one statement.

    No count goes beyond `cap` + 1, so that a badge stays cheap however much there is.
    """
    if not filters:
        return {}
    standing = Standing.of(person)
    parts: list[str] = []
    parameters: list[Any] = []
    for wanted in filters.values():
        each = filtered(person, wanted, standing).order_by().values("pk")[: cap + 1]
        asked = _sql(each)
        parts.append(f"(select count(*) from ({asked[0]}) c)" if asked else "0")
        parameters.extend(asked[1] if asked else ())
    (row,) = _run("select " + ", ".join(parts), parameters)
    return dict(zip(filters, row, strict=True))


def filtered(
    person: Person, wanted: ListFilter, standing: Standing | None = None
) -> QuerySet[Record]:
    """Return the records a filter finds among those the person may read, in no order."""
    standing = standing or Standing.of(person)
    records = records_visible_to(person, standing)
    for lookup, value in _conditions(wanted).items():
        if value not in ((), None):
            records = records.filter(**{lookup: value})
    if wanted.categories:
        if set(wanted.categories) <= set(OPEN_CATEGORIES):
            records = records.filter(queries.open_work())
        if not wanted.only_open():
            records = records.filter(state_category__in=wanted.categories)
    if wanted.unassigned:
        records = records.filter(assignee__isnull=True)
    if wanted.watched_by is not None:
        watched = Watcher.objects.filter(record=OuterRef("pk"), person_id=wanted.watched_by)
        records = records.filter(Exists(watched))
    if wanted.text.strip():
        records = _with_words(records, standing, wanted.text)
    return records


def _conditions(wanted: ListFilter) -> dict[str, Any]:
    return {
        "kind__in": wanted.kinds,
        "state__in": wanted.states,
        "team_id__in": wanted.teams,
        "assignee_id": wanted.assignee,
        "requester_id": wanted.requester,
        "customer_id__in": wanted.customers,
        "service_id__in": wanted.services,
        "priority__in": wanted.priorities,
        "channel__in": wanted.channels,
        "data__off_matrix": wanted.off_matrix,
        "updated_at__gte": wanted.updated_since,
        "opened_at__gte": wanted.opened_since,
        "opened_at__lt": wanted.opened_before,
        "resolved_at__gte": wanted.resolved_since,
        "resolved_at__lt": wanted.resolved_before,
        "next_due__gte": wanted.due_since,
        "next_due__lt": wanted.due_before,
    }


def _with_words(records: QuerySet[Record], standing: Standing, text: str) -> QuerySet[Record]:
    """Keep records with these words: those of the desk only where one reads internally."""
    query = tsquery(text)
    if not query:
        return records.none()
    hit = queries.has_words(query)
    found = {
        audience: Q(pk__in=SearchRow.objects.filter(hit, audience=audience).values("record_id"))
        for audience in ("desk", "requester")
    }
    return records.filter(found["requester"] | (scope(standing, "internal") & found["desk"]))


def _fetch(rows: QuerySet[Record, dict[str, Any]]) -> list[dict[str, Any]]:
    asked = _sql(rows)
    return [dict(zip(COLUMNS, row, strict=True)) for row in _run(*asked)] if asked else []


def _sql(rows: QuerySet[Record, Any]) -> tuple[str, tuple[Any, ...]] | None:
    """Return the statement of a query; None where the ORM sees that it can find nothing."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def _run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a query prepared; Django's own cursor never prepares, but it notes a broken line."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", connection.connection)
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        return cursor.execute(sql.encode(), parameters, prepare=True).fetchall()
