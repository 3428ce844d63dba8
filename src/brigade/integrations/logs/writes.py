"""The statements of an import, up to the point where entries are written (see `chunks`).

Everything lies in temporary tables of this connection: a staging table per
import that a killed process cannot leave behind. They are not logged, take
COPY at full speed, and are dropped when the import ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from brigade.integrations.logs.findings import Finding

TABLES = ("logs_staging", "logs_order", "logs_case", "logs_person", "logs_team")


def plain_cursor() -> psycopg.Cursor[Any]:
    """Return psycopg's own cursor on Django's connection: COPY and composed SQL need it."""
    connection.ensure_connection()
    return connection.connection.cursor()


@contextmanager
def only_import_of(source: str) -> Iterator[bool]:
    """Hold the right to import from a source; yields False where another process has it."""
    with plain_cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtext('logs'), hashtext(%s))", [source])
        row = cursor.fetchone()
        held = bool(row and row[0])
    try:
        yield held
    finally:
        if held:
            with plain_cursor() as cursor:
                cursor.execute(
                    "select pg_advisory_unlock(hashtext('logs'), hashtext(%s))", [source]
                )


def drop_tables() -> None:
    """Drop the import's temporary tables, if there are any."""
    with plain_cursor() as cursor:
        for table in TABLES:
            cursor.execute(sql.SQL("drop table if exists pg_temp.{}").format(sql.Identifier(table)))


def stage(columns: Sequence[tuple[str, str]], rows: Iterable[tuple[Any, ...]]) -> int:
    """Copy staged rows into a new staging table; return how many there were."""
    count = 0
    with plain_cursor() as cursor:
        cursor.execute(
            sql.SQL("create temp table logs_staging ({})").format(
                sql.SQL(", ").join(
                    sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
                    for name, kind in columns
                )
            )
        )
        copy_in = sql.SQL("copy logs_staging ({}) from stdin").format(
            sql.SQL(", ").join(sql.Identifier(name) for name, _kind in columns)
        )
        with cursor.copy(copy_in) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        cursor.execute("create index on logs_staging (line, part)")
        cursor.execute("analyze logs_staging (line, part, case_id, row_key, state, actor)")
    return count


def take_out_repeated(*, keep: bool) -> list[tuple[int, int]]:
    """Return (line, number of rows it gave) of rows that say what an earlier line said.

    They leave the staging table unless `keep`.
    """
    with plain_cursor() as cursor:
        cursor.execute(
            """
            with twin as (
                select line, part, row_number() over (
                    partition by case_id, digest, part order by line) as nth
                from logs_staging)
            select line, count(*) from twin where nth > 1 group by line order by line
            """
        )
        found = [(int(line), int(parts)) for line, parts in cursor.fetchall()]
        if found and not keep:
            cursor.execute(
                "delete from logs_staging where line = any(%s)", [[line for line, _n in found]]
            )
    return found


_ORDER = """
create temp table logs_order as
with ordered as (
    select line, part, case_id, at, row_key,
        row_number() over in_order as n,
        count(state) over in_order as told,
        row_number() over (partition by case_id order by line desc, part desc) as from_end,
        row_number() over (partition by case_id, row_key order by line, part) as twin,
        min(at) over (partition by case_id) as first_at
    from logs_staging
    window in_order as (partition by case_id order by {order})
)
select o.line, o.part, o.case_id, o.n, o.told, o.from_end, o.first_at, o.at, r.id as record_id,
    case when o.twin = 1 then o.row_key else o.row_key || '~' || o.twin end as source_row,
    false as known, '' as refused
from ordered o
left join records_record r on r.source = {source} and r.source_id = o.case_id
"""

_KNOWN = """
update logs_order o set known = true
from records_journalentry e
where o.record_id is not null and e.record_id = o.record_id and e.source_row = o.source_row
"""

_REFUSED = """
with case_of as (
    select o.record_id, max(o.n) filter (where o.known) as last_known,
        exists (select 1 from records_journalentry e
            where e.record_id = o.record_id and e.origin <> 'import') as worked_on,
        bool_and(o.known) as complete
    from logs_order o where o.record_id is not null group by o.record_id
)
update logs_order o set refused = case
    when c.worked_on then 'worked_on_here'
    when c.last_known is null then 'history_missing'
    else 'late_row' end
from case_of c
where o.record_id = c.record_id and not o.known and not c.complete
    and (c.worked_on or c.last_known is null or o.n < c.last_known)
"""


def put_in_order(source: str, order: Sequence[str]) -> None:
    """Give every staged row its place in its case, and find what is here already.

    `order` names the staging columns that sort the rows of a case; the line
    number decides between equals.
    """
    columns = [sql.Identifier(name) for name in (*order, "line", "part")]
    with plain_cursor() as cursor:
        cursor.execute(
            sql.SQL(_ORDER).format(order=sql.SQL(", ").join(columns), source=sql.Literal(source))
        )
        cursor.execute("analyze logs_order")
        cursor.execute(_KNOWN)
        cursor.execute(_REFUSED)


def cut_into_chunks(rows: int) -> None:
    """Number the cases that bring something new, in the order they began, in chunks of `rows`."""
    with plain_cursor() as cursor:
        cursor.execute(
            """
            create temp table logs_case as
            with fresh as (
                select case_id, min(record_id) as record_id, min(first_at) as first_at,
                    count(*) as rows, count(*) filter (where not known and refused = '') as fresh
                from logs_order group by case_id
            )
            select case_id, record_id, record_id is null as made, null::text as number, first_at,
                div(sum(rows) over (order by first_at, case_id) - 1, %s)::integer as chunk
            from fresh where fresh > 0
            """,
            [rows],
        )
        cursor.execute("create index on logs_case (chunk)")
        cursor.execute("create index on logs_order (case_id)")
        cursor.execute("analyze logs_case")


_MAKE_PEOPLE = """
with wanted as (
    select w.name, w.sort_name, p.id as person_id
    from unnest(%(names)s::text[], %(sort_names)s::text[]) as w(name, sort_name)
    left join parties_person p on p.email = lower(w.name) and not p.is_system
    where not exists (select 1 from logs_importedperson i
        where i.source = %(source)s and i.name = w.name)
), numbered as materialized (
    select name, sort_name, coalesce(person_id,
        nextval(pg_get_serial_sequence('parties_person', 'id'))) as person_id,
        person_id is null as fresh
    from wanted
), made as (
    insert into parties_person (id, password, name, sort_name, title, phone, language,
        timezone, theme, density, single_keys, nav_open, is_active, is_system,
        created_at, credentials_version, rights_version)
    select person_id, '!imported', name, sort_name, '', '', 'en', 'UTC', 'system',
        'comfortable', true, '{}', true, false, %(at)s, 1, 0
    from numbered where fresh
    returning id
), noted as (
    insert into logs_importedperson (source, name, person_id)
    select %(source)s, name, person_id from numbered
)
select count(*) from made
"""


def make_people(source: str, names: Sequence[tuple[str, str]], at: Any) -> int:
    """Make the people of a source that are not here yet; `names` are (name, folded name).

    A name that is somebody's address stands for that person. Returns how many
    were made. They cannot sign in: their password is none.
    """
    with plain_cursor() as cursor:
        cursor.execute(
            _MAKE_PEOPLE,
            {
                "source": source,
                "names": [name for name, _folded in names],
                "sort_names": [folded for _name, folded in names],
                "at": at,
            },
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def make_teams(names: Sequence[str], description: str) -> int:
    """Make the teams that no team is called like yet, whatever the case; return how many."""
    with plain_cursor() as cursor:
        cursor.execute(
            """
            insert into parties_team (name, description, email, is_active)
            select min(w.name), %s, '', true from unnest(%s::text[]) as w(name)
            group by lower(w.name)
            on conflict do nothing
            """,
            [description, list(names)],
        )
        return max(cursor.rowcount, 0)


def match_names(source: str, teams: Sequence[str]) -> None:
    """Lay out which person and which team each name of the file stands for."""
    with plain_cursor() as cursor:
        cursor.execute(
            """
            create temp table logs_person as
            select name, person_id from logs_importedperson where source = %s
            """,
            [source],
        )
        cursor.execute(
            """
            create temp table logs_team as
            select w.name, t.id as team_id from unnest(%s::text[]) as w(name)
            join parties_team t on lower(t.name) = lower(w.name)
            """,
            [list(teams)],
        )
        cursor.execute("analyze logs_person")
        cursor.execute("analyze logs_team")


def write_findings(run_id: int, findings: Iterable[Finding]) -> None:
    """Replace what a run has found by `findings`."""
    with plain_cursor() as cursor:
        cursor.execute("delete from logs_importline where run_id = %s", [run_id])
        statement = 'copy logs_importline (run_id, line, "column", code, value, taken) from stdin'
        with cursor.copy(statement) as copy:
            for found in findings:
                copy.write_row((run_id, *found))


def analyze() -> None:
    """Tell the planner what has come in, so that the next page does not guess."""
    with plain_cursor() as cursor:
        cursor.execute("analyze records_record")
        cursor.execute("analyze records_journalentry")
        cursor.execute("analyze records_search")
