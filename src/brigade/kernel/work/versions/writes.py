"""The statement by which many records come to another version of their recipe at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from brigade.kernel.records.rows import COLUMNS
from brigade.kernel.records.writes import CLOCKS, ENTRY_COLUMNS, SEGMENTS

_ENTRY = (
    "{row}.at, %(actor)s::bigint, %(os_user)s::text, {row}.entry_kind, ''::text, "
    "{row}.visibility, %(origin)s::text, null::text"
)
_MIGRATE = f"""
with given as materialized (
    select g.*, decode(g.head, 'hex') as prev, entry_hash(decode(g.head, 'hex'), g.record_id,
        null, null, g.version + 1, {_ENTRY.format(row="g")}, null::bytea,
        text_hash(g.changes::text)) as hash
    from jsonb_to_recordset(%(rows)s::jsonb) as g(record_id bigint, at timestamptz,
        version integer, head text, entry_kind text, visibility text, changes jsonb,
        clocks jsonb, segments jsonb, {", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())})
), rec as (
    update records_record r set version = r.version + 1, entries = r.entries + 1, head = g.hash,
        {", ".join(f"{name} = g.{name}" for name in COLUMNS)}
    from given g where r.id = g.record_id and r.version = g.version
    returning r.id, r.entries as number, g.at, g.entry_kind, g.visibility, g.prev, g.hash,
        g.changes, g.clocks, g.segments
), ent as (
    insert into records_journalentry ({ENTRY_COLUMNS})
    select rec.id, rec.number, {_ENTRY.format(row="rec")}, null::text, null::bytea,
        rec.changes, text_hash(rec.changes::text), rec.prev, rec.hash, ''
    from rec
), clk as ({CLOCKS.replace("%(clocks)s::jsonb", "rec.clocks")}),
seg as ({SEGMENTS.replace("%(segments)s::jsonb", "rec.segments")})
select id from rec
"""  # noqa: E501


def migrate_rows(
    rows: Sequence[dict[str, Any]], *, actor: int, origin: str, os_user: str
) -> set[int]:
    """Write records, one entry each and their clocks, in one statement; return whose were written.

    A row holds record_id, at, version, head (hex), entry_kind, visibility, changes,
    clocks, segments and every column of a record. One that somebody wrote meanwhile
    is left as it is.
    """
    if not rows:
        return set()
    given: dict[str, str | int] = {
        "rows": orjson.dumps(list(rows)).decode(),
        "actor": actor,
        "origin": origin,
        "os_user": os_user,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MIGRATE, given)
        return {row[0] for row in cursor.fetchall()}
