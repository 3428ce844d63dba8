"""The statement of this room that is written by hand: the clocks of many records at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from brigade.kernel.records.writes import CLOCKS, ENTRY_COLUMNS, SEGMENTS

_ENTRY = (
    "{at}, %(actor)s::bigint, ''::text, 'clocks'::text, ''::text, "
    "'internal'::text, 'system'::text, null::text"
)
_RECOUNT = f"""
with given as materialized (
    select g.*, decode(g.head, 'hex') as prev, entry_hash(decode(g.head, 'hex'), g.record_id,
        null, null, g.version + 1, {_ENTRY.format(at="g.at")}, null::bytea,
        text_hash(g.changes::text)) as hash
    from jsonb_to_recordset(%(rows)s::jsonb) as g(record_id bigint, at timestamptz,
        version integer, head text, changes jsonb, next_due timestamptz, clocks jsonb,
        segments jsonb)
), rec as (
    update records_record r set version = r.version + 1, entries = r.entries + 1, head = g.hash,
        next_due = g.next_due, updated_at = g.at
    from given g where r.id = g.record_id and r.version = g.version
    returning r.id, r.entries as number, g.at, g.prev, g.hash, g.changes, g.clocks, g.segments
), ent as (
    insert into records_journalentry ({ENTRY_COLUMNS})
    select rec.id, rec.number, {_ENTRY.format(at="rec.at")}, null::text, null::bytea,
        rec.changes, text_hash(rec.changes::text), rec.prev, rec.hash, ''
    from rec
), clk as ({CLOCKS.replace("%(clocks)s::jsonb", "rec.clocks")}),
seg as ({SEGMENTS.replace("%(segments)s::jsonb", "rec.segments")})
select count(*) from rec
"""


def recount_rows(rows: Sequence[dict[str, Any]], *, actor: int) -> int:
    """Write the clocks of records with one entry each, in one statement; return how many it were.

    A row holds record_id, at, version, head (hex), changes, next_due, clocks and
    segments. A record that somebody wrote meanwhile is left as it is.
    """
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, {"rows": orjson.dumps(list(rows)).decode(), "actor": actor})
        return int(cursor.fetchone()[0])
