"""One chunk of cases becomes records, entries and search rows in one transaction.

The statements are composed for the targets of the file at hand: a row's
`changes` are its targets that differ from the row before, written as JSON text
and cast once, which costs a fraction of building jsonb piece by piece.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from brigade.integrations.logs.chunks.records.writes import Writing, grown_records, new_records
from brigade.integrations.logs.layout import Target
from brigade.integrations.logs.writes import plain_cursor
from brigade.kernel.clocks.bringing import keep_brought_clocks
from brigade.kernel.records.writes import rebuild_search

TABLES = ("logs_row", "logs_entry")


@dataclass(frozen=True, slots=True)
class Written:
    """What one chunk added."""

    entries: int
    records_made: int
    records_grown: int


def write_chunk(chunk: int, writing: Writing) -> Written:
    """Write the cases of one chunk; the caller holds the transaction."""
    with plain_cursor() as cursor:
        # Tables born a moment ago: their joins are all hash joins, whatever the planner guesses.
        cursor.execute("set local enable_nestloop = off")
        for table in TABLES:
            cursor.execute(SQL("drop table if exists pg_temp.{}").format(Identifier(table)))
        cursor.execute(
            _NUMBER_CASES,
            {"chunk": chunk, "prefix": writing.prefix, "sequence": writing.sequence},
        )
        cursor.execute(_rows_statement(chunk, writing))
        cursor.execute("analyze logs_row (record_id, made, n, from_end, state_now, state_was)")
        cursor.execute(_ENTRIES)
        cursor.execute("analyze logs_entry (record_id, from_end)")
        cursor.execute(new_records(writing))
        made = cursor.rowcount
        cursor.execute("select 1 from logs_row where not made limit 1")
        grown = 0
        if cursor.fetchone():
            cursor.execute(grown_records(writing))
            grown = cursor.rowcount
        cursor.execute(_JOURNAL)
        entries = cursor.rowcount
        cursor.execute("select distinct record_id from logs_entry")
        record_ids = [row[0] for row in cursor.fetchall()]
        for table in TABLES:
            cursor.execute(SQL("drop table pg_temp.{}").format(Identifier(table)))
        cursor.execute("set local enable_nestloop = on")
    rebuild_search(record_ids)
    if writing.clocks:
        keep_brought_clocks(record_ids, writing.clocks)
    return Written(entries, made, grown)


_NUMBER_CASES = """
with numbered as materialized (
    select case_id, nextval('records_record_id_seq') as id,
        %(prefix)s::text || '-' || nextval(%(sequence)s::text::regclass) as number
    from (select case_id from logs_case where chunk = %(chunk)s and made
        order by first_at, case_id) as fresh
)
update logs_case c set record_id = n.id, number = n.number
from numbered n where n.case_id = c.case_id
"""


_ROWS = """
create temp table logs_row as
with named as (
    select c.record_id, c.made, c.number as record_number, o.case_id, o.n, o.told,
        o.from_end, o.at, o.source_row,
        o.known or o.refused <> '' as left_out, s.state, s.waits, s.transition, s.title,
        s.description, actor.person_id as actor_id {columns}
    from logs_case c
    join logs_order o on o.case_id = c.case_id
    join logs_staging s on s.line = o.line and s.part = o.part
    left join logs_person actor on actor.name = s.actor {joins}
    where c.chunk = {chunk}
), told as (
    select named.*, coalesce(first_value(state) over g, {initial}) as state_now,
        first_value(waits) over g as waits_now
    from named window g as (partition by case_id, told order by n)
), compared as (
    select told.*, lag(state_now) over w as state_was, lag(waits_now) over w as waits_was
        {before}
    from told window w as (partition by case_id order by n)
)
select compared.*, ('{{' || array_to_string(array[
    case when state_now is distinct from state_was then
        '"state":[' || coalesce(to_json(state_was)::text, 'null') || ','
        || to_json(state_now)::text || ']' end,
    case when waits_now is distinct from waits_was then
        '"waiting_reason":[' || coalesce(to_json(waits_was)::text, 'null') || ','
        || coalesce(to_json(waits_now)::text, 'null') || ']' end
    {changes}], ',') || '}}')::jsonb as changes
from compared
"""


def _rows_statement(chunk: int, writing: Writing) -> Composed:
    """Compose the table of a chunk's rows, each with the state it leaves and its changes."""
    columns, joins = _named_targets(writing.targets)
    names = [f"t{n}" for n in range(len(writing.targets))]
    return SQL(_ROWS).format(
        columns=columns,
        joins=joins,
        chunk=Literal(chunk),
        initial=Literal(writing.initial),
        before=SQL("").join(
            SQL(", lag({0}) over w as {1}").format(Identifier(name), Identifier(f"was_{name}"))
            for name in names
        ),
        changes=SQL("").join(
            _change(target.path, name) for target, name in zip(writing.targets, names, strict=True)
        ),
    )


def _named_targets(targets: Sequence[Target]) -> tuple[Composable, Composable]:
    """Return the columns and the joins that put ids in the place of names."""
    columns: list[Composable] = []
    joins: list[Composable] = []
    for number, target in enumerate(targets):
        name, alias = Identifier(f"t{number}"), Identifier(f"j{number}")
        if target.shape == "json":
            columns.append(SQL(", s.{0}").format(name))
            continue
        columns.append(
            SQL(", {0}.{1}::text as {2}").format(alias, Identifier(f"{target.shape}_id"), name)
        )
        joins.append(
            SQL(" left join {0} {1} on {1}.name = s.{2}").format(
                Identifier(f"logs_{target.shape}"), alias, name
            )
        )
    return SQL("").join(columns), SQL("").join(joins)


def _change(path: str, name: str) -> Composable:
    return SQL(
        ", case when {now} is distinct from {was} then {key} || coalesce({was}, 'null') || ',' "
        "|| coalesce({now}, 'null') || ']' end"
    ).format(
        now=Identifier(name),
        was=Identifier(f"was_{name}"),
        key=Literal(json.dumps(path, ensure_ascii=False) + ":["),
    )


_ENTRIES = """
create temp table logs_entry as
with fresh as (
    select w.*, coalesce(r.entries, 0) + row_number() over (
            partition by w.record_id order by w.n) as number,
        r.head, text_hash(w.changes::text) as changes_hash,
        case when w.n = 1 then 'opened' when w.state_now <> w.state_was then 'moved'
            else 'changed' end as kind
    from logs_row w
    left join records_record r on r.id = w.record_id
    where not w.left_out
), chained as (
    select fresh.*, entry_chain(head, record_id, null::text, null::bigint, number::integer, at,
        actor_id, '', kind, transition, 'internal', 'import', source_row, null::bytea,
        changes_hash) over (partition by record_id order by number) as hash
    from fresh
)
select record_id, made, number, at, actor_id, kind, transition, source_row, changes,
    changes_hash, hash, coalesce(lag(hash) over w, head) as prev_hash,
    row_number() over (partition by record_id order by number desc) as from_end
from chained window w as (partition by record_id order by number)
"""

_JOURNAL = """
insert into records_journalentry (record_id, number, at, actor_id, os_user, kind, transition,
    visibility, origin, source_row, body, body_hash, changes, changes_hash, prev_hash, hash,
    erased_reason)
select record_id, number, at, actor_id, '', kind, transition, 'internal', 'import', source_row,
    null, null, changes, changes_hash, prev_hash, hash, ''
from logs_entry order by record_id, number
"""
