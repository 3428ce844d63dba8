"""Lists of records: filtered, sorted and paged by key, inside what the reader may see.

The queue, the portal, the API and every badge ask here, so that a number and the
list behind it can never disagree. The ORM writes the statement, psycopg runs it
prepared; what a partial index is about stands in it as a literal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from brigade.kernel.records import queries
from brigade.kernel.records.access import Standing, scope, visible_in
from brigade.kernel.records.holes import Hole, Kept, counted, kept, written
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
    "OwnFilter",
    "Page",
    "Sort",
    "counts",
    "filtered",
    "list_page",
    "rows_of",
]

LIMIT = 100
"""Rows of one page at most."""
KEPT = 300
"""Statements kept of each sort (page, rows, counts); one takes some ten kilobytes."""
MOMENTS = (
    "updated_since", "opened_since", "opened_before", "resolved_since", "resolved_before",
    "due_since", "due_before",
)  # fmt: skip
"""What a filter says in instants: they move with the clock, the statement stays the same."""
COUNT_CAP = 1000
"""A badge counts no further: beyond it says "more than"."""

COLUMNS = (
    "id", "number", "kind", "title", "state", "state_category", "priority", "priority_fact",
    "confidential", "channel", "opened_at", "updated_at", "resolved_at", "closed_at", "next_due",
    "timer", "timer_due", "version", "recipe_version_id", "requester_id", "requester__name",
    "customer_id", "customer__name", "service_id", "service__code", "service__name", "team_id",
    "team__name", "assignee_id", "assignee__name",
)  # fmt: skip
"""What a row of a list holds."""


class OwnFilter(NamedTuple):
    """A field of the organisation's own that holds one of `values`, each JSON such as {"a": 1}.

    Where it is not public, only records count that the reader reads internally.
    """

    name: str
    values: tuple[str, ...]
    public: bool


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which records a list is about; an empty tuple or None leaves that question open.

    `priorities` 1 is the highest. `text` is looked for as `search` looks for words.
    `off_matrix`: only those whose priority is another than the matrix gives.
    `missed_by`: with a clock that had used up more than was promised by then, running,
    paused or stopped; `missed_ended`: with one that stopped so. Clocks are the desk's.
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
    missed_by: datetime | None = None
    missed_ended: bool = False
    text: str = ""
    own: tuple[OwnFilter, ...] = ()

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
    size = max(1, min(limit, LIMIT))
    place = read_cursor(after, sort) if after else ()
    asked, moments = _with_holes(wanted, len(place))
    statement = _page(Standing.of(person), asked, sort, bool(after), size)
    found = statement.rows([*place, *moments]) if statement else []
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in found[:size]]
    return Page(rows, cursor(sort, rows[-1]) if len(found) > size else None)


@lru_cache(maxsize=KEPT)
def _page(
    standing: Standing, wanted: ListFilter, sort: Sort, further: bool, size: int
) -> Kept | None:
    """Return the statement of a page and of one row more; its holes are the place before it."""
    order = ORDERS[sort]
    records = _inside(standing, wanted)
    if sort is Sort.DUE and not wanted.categories:
        records = records.filter(queries.open_work())
    if further:
        records = records.filter(order.beyond([Hole(i) for i in range(len(order.casts))]))
    asked = written(records.order_by(*order.by()).values(*COLUMNS)[: size + 1])
    return kept(*asked) if asked else None


def rows_of(person: Person, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the rows of these records that a person may read, in the order given."""
    statement = _rows(Standing.of(person))
    found = statement.rows([f"{{{','.join(map(str, ids))}}}"]) if statement and ids else []
    by_id = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in found}
    return [by_id[each] for each in ids if each in by_id]


@lru_cache(maxsize=KEPT)
def _rows(standing: Standing) -> Kept | None:
    """Return the statement of rows by id; its hole is the array of ids."""
    visible = visible_in(standing).filter(queries.among(Hole(0)))
    asked = written(visible.values(*COLUMNS))
    return kept(*asked) if asked else None


def counts(
    person: Person, filters: Mapping[str, ListFilter], cap: int = COUNT_CAP
) -> dict[str, int]:
    """Return how many records each filter finds, in one statement.

    No count goes beyond `cap` + 1, so that a badge stays cheap however much there is.
    """
    if not filters:
        return {}
    moments: list[datetime] = []
    asked: list[ListFilter] = []
    for wanted in filters.values():
        kept_filter, more = _with_holes(wanted, len(moments))
        asked.append(kept_filter)
        moments.extend(more)
    (row,) = _counts(Standing.of(person), tuple(asked), cap).rows(moments)
    return dict(zip(filters, row, strict=True))


@lru_cache(maxsize=KEPT)
def _counts(standing: Standing, filters: tuple[ListFilter, ...], cap: int) -> Kept:
    return counted(*(_inside(standing, wanted) for wanted in filters), cap=cap + 1)


def _with_holes(wanted: ListFilter, first: int) -> tuple[ListFilter, list[datetime]]:
    """Put holes, from place `first` on, where a filter has instants; return these beside it."""
    given = {name: at for name in MOMENTS if (at := getattr(wanted, name)) is not None}
    if not given:
        return wanted, []
    holes: dict[str, Any] = {name: Hole(place) for place, name in enumerate(given, first)}
    return replace(wanted, **holes), list(given.values())


def filtered(
    person: Person, wanted: ListFilter, standing: Standing | None = None
) -> QuerySet[Record]:
    """Return the records a filter finds among those the person may read, in no order."""
    return _inside(standing or Standing.of(person), wanted)


def _inside(standing: Standing, wanted: ListFilter) -> QuerySet[Record]:
    records = visible_in(standing)
    for lookup, value in _conditions(wanted).items():
        if isinstance(value, Hole):
            records = records.filter(**{lookup: queries.instant_in(value)})
        elif value not in ((), None):
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
    if wanted.missed_by or wanted.missed_ended:
        late = queries.missed(wanted.missed_by)
        records = records.filter(late).filter(scope(standing, "internal"))
    for each in wanted.own:
        records = records.filter(queries.holds_any(each.values))
        if not each.public:
            records = records.filter(scope(standing, "internal"))
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
