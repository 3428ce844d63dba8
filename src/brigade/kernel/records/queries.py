"""Reads of the room that are written as SQL, over a scope that is always given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.db.models import BooleanField, DateTimeField, Model, QuerySet
from django.db.models.expressions import RawSQL

from brigade.kernel.prepared import rows_prepared, run_prepared
from brigade.kernel.records.models import Record

RECORD_COLUMNS: tuple[str, ...] = tuple(field.attname for field in Record._meta.concrete_fields)
"""The attributes of a record in the order in which `facts_row` reads them."""

_FACTS = f"""
select {", ".join(f"r.{field.column}" for field in Record._meta.concrete_fields)},
    array(select w.person_id from records_watcher w where w.record_id = r.id order by w.id),
    array(select l.person_id from parties_relation l
        join parties_person p on p.id = l.person_id and p.is_active
        where l.team_id = r.team_id and l.kind = 'leads' and l.valid_from <= %(at)s::timestamptz
          and (l.valid_to is null or l.valid_to > %(at)s::timestamptz)),
    (select t.title from records_task t where t.record_id = r.id and t.required
        and t.state = 'open' order by t.id limit 1),
    array(select distinct k.type from records_link k where k.other_id = r.id),
    (select coalesce(json_agg(json_build_array(c.name, c.subject, c.target_id, c.seconds,
        c.calendar_version_id, c.state, c.reason, c.started_at, c.mark, c.counted, c.paused,
        c.due_at, c.alerts, c.stretches) order by c.number)::text, '[]')
        from clocks_clock c where c.record_id = r.id)
from records_record r where r.id = %(id)s::bigint
"""


def facts_row(record_id: int, at: datetime) -> tuple[Any, ...] | None:
    """Return a record's columns; then watchers, leads, open task, followers, clocks as JSON."""
    return run_prepared(_FACTS, {"id": record_id, "at": at})


@cache
def _named(joined: tuple[tuple[str, str, tuple[str, ...]], ...]) -> str:
    """Return the statement of `named_row` for (field, table, columns) of what is joined."""
    columns = [f"r.{field.column}" for field in Record._meta.concrete_fields]
    columns.append(
        "exists (select from records_watcher w where w.record_id = r.id"
        " and w.person_id = %(person)s::bigint)"
    )
    columns += [f"{name}.{column}" for name, _table, there in joined for column in there]
    joins = [f"left join {table} {name} on {name}.id = r.{name}_id" for name, table, _ in joined]
    return (
        f"select {', '.join(columns)} from records_record r {' '.join(joins)}"
        " where r.number = %(number)s::text"
    )


def named_row(
    number: str, person_id: int, named: Mapping[str, tuple[type[Model], tuple[str, ...]]]
) -> tuple[Any, ...] | None:
    """Return a record's columns; whether the person watches it; then what is `named` but its id.

    `named` maps a field to the model it points to and the columns to read, `id` first.
    """
    joined = tuple(
        (name, model._meta.db_table, there[1:]) for name, (model, there) in named.items()
    )
    return run_prepared(_named(joined), {"number": number, "person": person_id})


def _scope_sql(scope: QuerySet[Record]) -> tuple[str, tuple[Any, ...]]:
    """Return a scope as a subquery of ids."""
    sql, parameters = scope.order_by().values("id").query.sql_with_params()
    return sql, tuple(parameters)


_FEW = (
    "with h as materialized (select record_id from records_search"
    " where tsv @@ %s::tsquery and audience = %s limit %s)"
    " select (select count(*) from h), array(select record_id from h"
    " where record_id in ({inside}) order by 1 desc limit %s)"
)
_NEWEST = (
    "select record_id from records_search where ts_match_vq(tsv, %s::tsquery)"
    " and audience = %s and record_id > %s and record_id in ({inside})"
    " order by record_id desc limit %s"
)
_ALL = (
    "with h as materialized (select record_id from records_search"
    " where tsv @@ %s::tsquery and audience = %s)"
    " select record_id from h where record_id in ({inside}) order by 1 desc limit %s"
)


def open_work() -> RawSQL:
    """Return the condition of open work, in the very words of the partial indexes."""
    return RawSQL(
        "records_record.state_category in ('new', 'active', 'waiting')",
        (),
        output_field=BooleanField(),
    )


def instant_in(hole: object) -> RawSQL:
    """Return what the ORM compares a column of instants with, where a kept statement has a hole."""
    return RawSQL("%s::timestamptz", [hole], output_field=DateTimeField())


def among(ids: object) -> RawSQL:
    """Return the condition that a record's id is in an array of them, one parameter for all."""
    return RawSQL("records_record.id = any(%s::bigint[])", [ids], output_field=BooleanField())


def holds_any(values: Sequence[str]) -> RawSQL:
    """Return the condition that a record's data hold one of these, each a JSON object as text.

    Containment one by one, because that is what the index on the data answers.
    """
    asked = " or ".join(["records_record.data @> %s::jsonb"] * len(values)) or "false"
    return RawSQL(f"({asked})", list(values), output_field=BooleanField())


_ENDED_LATE = "select record_id from clocks_clock where counted > seconds and state = 'stopped'"
_LIVE_LATE = """
    select record_id from clocks_clock where counted > seconds and state in ('running', 'paused')
    union all select record_id from clocks_clock where state = 'running' and due_at < %s
"""


def missed(by: datetime | None) -> RawSQL:
    """Return the condition that a record has a clock beyond its promise at an instant.

    Without an instant only clocks that have stopped count. The words are those of the
    partial indexes.
    """
    late = _ENDED_LATE if by is None else f"{_ENDED_LATE} union all {_LIVE_LATE}"
    return RawSQL(
        f"records_record.id in ({late})", () if by is None else (by,), output_field=BooleanField()
    )


def has_words(query: str) -> RawSQL:
    """Return the condition that a row of the search table matches a text search query."""
    return RawSQL("tsv @@ %s::tsquery", [query], output_field=BooleanField())


def matching(
    query: str,
    audience: str,
    scope: QuerySet[Record],
    limit: int,
    *,
    cap: int,
    window: int,
) -> list[int]:
    """Return ids of records in `scope` whose words for `audience` match, newest first.

    Step 1 takes at most `cap` hits by the index. Only where there are more, the
    newest `window` records are walked by key, and only where those are too few
    everything is. The function form in step 2 cannot use the index on words, so
    the planner walks the key.
    """
    if scope.query.is_empty():
        return []
    inside, parameters = _scope_sql(scope)
    few, newest, everything = (text.format(inside=inside) for text in (_FEW, _NEWEST, _ALL))
    with connection.cursor() as cursor:
        cursor.execute(few, [query, audience, cap + 1, *parameters, limit])
        hits, found = cursor.fetchone()
        if hits <= cap:
            return list(found)
        cursor.execute("select coalesce(max(id), 0) from records_record")
        top = cursor.fetchone()[0]
        cursor.execute(newest, [query, audience, top - window, *parameters, limit])
        rows = cursor.fetchall()
        if len(rows) < limit and top > window:
            cursor.execute(everything, [query, audience, *parameters, limit])
            rows = cursor.fetchall()
        return [row[0] for row in rows]


def ranked(
    query: str, audience: str, scope: QuerySet[Record], limit: int, *, cap: int
) -> list[tuple[int, float]]:
    """Return (id, rank) of records in `scope` that share words, best first, of the newest `cap`."""
    if scope.query.is_empty():
        return []
    inside, parameters = _scope_sql(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            "with h as materialized (select record_id, tsv from records_search"
            " where tsv @@ %s::tsquery and audience = %s order by record_id desc limit %s)"
            f" select record_id, ts_rank(tsv, %s::tsquery) as rank from h"
            f" where record_id in ({inside}) order by 2 desc, 1 desc limit %s",
            [query, audience, cap, query, *parameters, limit],
        )
        return list(cursor.fetchall())


class Reach(NamedTuple):
    """What access asks of a record, for those of which nothing else is read."""

    id: int
    kind: str
    requester_id: int | None
    assignee_id: int | None
    team_id: int | None
    service_id: int | None
    customer_id: int | None
    provider_id: int | None
    confidential: bool


_REACH = ", ".join("{0}." + name for name in Reach._fields)
_MARKS = f"""
select {_REACH.format("r")},
    case when r.state_category = 'waiting' then coalesce(r.data ->> 'waiting_reason', '')
        else '' end,
    (select count(*) from records_task t where t.record_id = r.id and t.state = 'open')
from records_record r where r.id = any(%(records)s::bigint[])
"""
_OWN = """, (select coalesce(jsonb_object_agg(n, r.data -> n), '{}')::text
        from unnest(%(names)s::text[]) n where r.data ? n)
from records_record r"""
_MARKS_AND_OWN = _MARKS.replace("\nfrom records_record r", _OWN, 1)
_WATCHED = (
    "exists (select from records_watcher w"
    " where w.record_id = r.id and w.person_id = %(person)s::bigint)"
)
_LINKED = f"""
select l.record_id, {_WATCHED}, {_REACH.format("r")}
from records_link l join records_record r on r.id = l.other_id
where l.record_id = any(%(records)s::bigint[])
union all
select l.other_id, {_WATCHED}, {_REACH.format("r")}
from records_link l join records_record r on r.id = l.record_id
where l.other_id = any(%(records)s::bigint[])
"""


def mark_rows(
    ids: Sequence[int], own: Sequence[str] = ()
) -> list[tuple[Reach, str, int, dict[str, Any]]]:
    """Return what access asks of records, what each waits for, and its open tasks. Unscoped.

    `own` are names of fields whose values come along, where they are filled in.
    """
    if not own:
        rows = rows_prepared(_MARKS, {"records": _array(ids)})
        return [(Reach._make(row[:-2]), row[-2], row[-1], {}) for row in rows]
    names = "{" + ",".join(own) + "}"
    rows = rows_prepared(_MARKS_AND_OWN, {"records": _array(ids), "names": names})
    return [(Reach._make(row[:-3]), row[-3], row[-2], orjson.loads(row[-1])) for row in rows]


def linked_rows(ids: Sequence[int], person_id: int) -> list[tuple[int, bool, Reach]]:
    """Return the far ends of links: on which record, whether the person watches, what access asks.

    Unscoped.
    """
    rows = rows_prepared(_LINKED, {"records": _array(ids), "person": person_id})
    return [(row[0], row[1], Reach._make(row[2:])) for row in rows]


def _array(ids: Sequence[int]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"
