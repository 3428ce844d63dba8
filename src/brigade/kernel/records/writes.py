"""The hot writes: opening a record and adding an entry to it, each ONE SQL statement.

The verbs read the record, decide in Python, then call these. Record, journal
entry with its hash, search rows and outbox rows commit together because they
are one statement. They run prepared on psycopg's own cursor; Django's never
prepares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import connection

from brigade.kernel.prepared import run_prepared
from brigade.kernel.records.canonical import canonical_json
from brigade.kernel.records.rows import COLUMNS, FIXED, EntryRow, Written

_ENTRY_PARAMETERS = (
    "%(at)s::timestamptz, %(actor_id)s::bigint, %(os_user)s::text, %(entry_kind)s::text, "
    "%(transition)s::text, %(visibility)s::text, %(origin)s::text, %(source_row)s::text, "
    "text_hash(%(body)s::text), text_hash((%(changes)s::jsonb)::text)"
)

ENTRY_COLUMNS = (
    "record_id, number, at, actor_id, os_user, kind, transition, visibility, origin, "
    "source_row, body, body_hash, changes, changes_hash, prev_hash, hash, erased_reason"
)

_ENTRY_VALUES = (
    "%(at)s::timestamptz, %(actor_id)s::bigint, %(os_user)s::text, %(entry_kind)s::text, "
    "%(transition)s::text, %(visibility)s::text, %(origin)s::text, %(source_row)s::text, "
    "%(body)s::text, text_hash(%(body)s::text), %(changes)s::jsonb, "
    "text_hash((%(changes)s::jsonb)::text)"
)

_OUTBOX = """
    insert into outbox_message (channel, topic, dedupe_key, recipient_id, address, payload,
        state, reason, attempts, next_attempt_at, created_at, record_id, entry_id, last_error)
    select o.channel, o.topic,
        coalesce(o.dedupe_key, concat_ws(':', o.channel, o.topic, {record_id}, {number},
            coalesce(o.recipient_id::text, o.address))),
        o.recipient_id, coalesce(o.address, ''), coalesce(o.payload, '{{}}'),
        coalesce(o.state, 'queued'), coalesce(o.reason, ''), 0,
        %(at)s::timestamptz + make_interval(secs => coalesce(o.hold_seconds, 0)),
        %(at)s::timestamptz, {record_id}, ent.id, ''
    from ent, jsonb_to_recordset(%(outbox)s::jsonb) as o(channel text, topic text,
        dedupe_key text, recipient_id bigint, address text, payload jsonb, state text,
        reason text, hold_seconds integer)
    on conflict (dedupe_key) do nothing
"""


_CLOCK_COLUMNS = {
    "name": "text",
    "subject": "bigint",
    "target_id": "bigint",
    "seconds": "integer",
    "calendar_version_id": "bigint",
    "state": "text",
    "reason": "text",
    "started_at": "timestamptz",
    "mark": "timestamptz",
    "counted": "integer",
    "paused": "integer",
    "due_at": "timestamptz",
    "stopped_at": "timestamptz",
    "alert_at": "timestamptz",
    "alerts": "smallint",
    "stretches": "smallint",
}
CLOCKS = f"""
    insert into clocks_clock (record_id, number, {", ".join(_CLOCK_COLUMNS)})
    select rec.id, c.number, {", ".join(f"c.{name}" for name in _CLOCK_COLUMNS)}
    from rec, jsonb_to_recordset(%(clocks)s::jsonb) as c(number smallint,
        {", ".join(f"{name} {kind}" for name, kind in _CLOCK_COLUMNS.items())})
    on conflict (record_id, number) do update set
        {", ".join(f"{name} = excluded.{name}" for name in _CLOCK_COLUMNS)}
"""
SEGMENTS = """
    insert into clocks_segment (record_id, clock_number, number, kind, reason, begin, "end",
        seconds, target_id, calendar_version_id)
    select rec.id, s.clock_number, s.number, s.kind, s.reason, s.begin, s.ended, s.seconds,
        s.target_id, s.calendar_version_id
    from rec, jsonb_to_recordset(%(segments)s::jsonb) as s(clock_number smallint, number smallint,
        kind text, reason text, begin timestamptz, ended timestamptz, seconds integer,
        target_id bigint, calendar_version_id bigint)
"""


def _parameters(columns: Mapping[str, str]) -> str:
    return ", ".join(f"%({name})s::{kind}" for name, kind in columns.items())


_OPEN = f"""
with ids as materialized (
    select nextval('records_record_id_seq') as id,
        %(prefix)s::text || '-' || nextval(%(sequence)s::text::regclass) as number
), h as materialized (
    select ids.id, ids.number, entry_hash(null, ids.id, null, null, 1, {_ENTRY_PARAMETERS}) as hash
    from ids
), rec as (
    insert into records_record (id, number, version, entries, head,
        {", ".join(FIXED)}, {", ".join(COLUMNS)})
    select id, number, 1, 1, hash, {_parameters(FIXED)}, {_parameters(COLUMNS)} from h
    returning id
), ent as (
    insert into records_journalentry ({ENTRY_COLUMNS})
    select h.id, 1, {_ENTRY_VALUES}, null, h.hash, '' from h
    returning id
), found as (
    insert into records_search (record_id, audience, tsv)
    select h.id, a.audience, setweight(to_tsvector('simple', h.number || ' ' ||
        %(title)s::text), 'A') || to_tsvector('simple', a.words)
    from h, (values ('desk', %(words)s::text), ('requester', %(public_words)s::text))
        as a(audience, words)
), clk as ({CLOCKS}), seg as ({SEGMENTS})
, out as ({_OUTBOX.format(record_id="h.id", number="1").replace("from ent,", "from ent, h,")})
select h.id, h.number, 1, h.hash from h
"""

_WRITE_OUTBOX = _OUTBOX.format(record_id="%(record_id)s::bigint", number="%(version)s::integer + 1")
_WRITE = f"""
with h as materialized (
    select entry_hash(%(head)s::bytea, %(record_id)s::bigint, null, null,
        %(version)s::integer + 1, {_ENTRY_PARAMETERS}) as hash
), rec as (
    update records_record set version = version + 1, entries = entries + 1, head = h.hash,
        {", ".join(f"{name} = %({name})s::{kind}" for name, kind in COLUMNS.items())}
    from h where id = %(record_id)s::bigint and version = %(version)s::integer
    returning id, number, h.hash
), ent as (
    insert into records_journalentry ({ENTRY_COLUMNS})
    select rec.id, %(version)s::integer + 1, {_ENTRY_VALUES}, %(head)s::bytea, rec.hash, ''
    from rec
    returning id
), found as (
    update records_search s set tsv = s.tsv || to_tsvector('simple',
        case s.audience when 'desk' then %(words)s::text else %(public_words)s::text end)
    from rec where s.record_id = rec.id and %(words)s::text <> ''
        and (s.audience = 'desk' or %(public_words)s::text <> '')
), clk as ({CLOCKS}), seg as ({SEGMENTS}), out as ({_WRITE_OUTBOX})
select rec.id, rec.number, %(version)s::integer + 1, rec.hash from rec
"""


def _entry_parameters(entry: EntryRow) -> dict[str, Any]:
    return {
        "at": entry.at,
        "actor_id": entry.actor_id,
        "os_user": entry.os_user,
        "entry_kind": entry.kind,
        "transition": entry.transition,
        "visibility": entry.visibility,
        "origin": entry.origin,
        "source_row": entry.source_row,
        "body": entry.body,
        "changes": None if entry.changes is None else canonical_json(entry.changes),
        "words": entry.words,
        "public_words": entry.public_words,
        "outbox": orjson.dumps(list(entry.outbox)).decode(),
        "clocks": orjson.dumps(list(entry.clocks)).decode(),
        "segments": orjson.dumps(list(entry.segments)).decode(),
    }


def open_row(prefix: str, kind: str, values: Mapping[str, Any], entry: EntryRow) -> Written:
    """Insert a record with its first entry, search rows and outbox rows.

    `values` holds every name of `COLUMNS` and `FIXED`; the number is taken from
    the kind's own sequence.
    """
    parameters = dict(values) | _entry_parameters(entry)
    parameters["data"] = canonical_json(values["data"])
    parameters["prefix"] = prefix
    parameters["sequence"] = number_sequence(kind)
    row = run_prepared(_OPEN, parameters)
    if row is None:  # pragma: no cover - an insert without a row cannot happen
        raise RuntimeError("the database returned nothing for an insert")
    return Written(row[0], row[1], row[2], bytes(row[3]))


def entry_row(
    record_id: int, version: int, head: bytes, values: Mapping[str, Any], entry: EntryRow
) -> Written | None:
    """Write the record's columns and one entry, if the record is still at `version`.

    Returns None where somebody else wrote first: read again and decide again.
    """
    parameters = dict(values) | _entry_parameters(entry)
    parameters["data"] = canonical_json(values["data"])
    parameters |= {"record_id": record_id, "version": version, "head": head}
    row = run_prepared(_WRITE, parameters)
    return None if row is None else Written(row[0], row[1], row[2], bytes(row[3]))


_sequences: set[str] = set()


def number_sequence(kind: str) -> str:
    """Return the name of the kind's number sequence, making it on first use.

    Numbers start at 10001, so that they have one width and do not tell how
    young an installation is.
    """
    if not kind.isidentifier() or not kind.islower():
        raise ValueError(f"not a record kind: {kind!r}")
    name = f"records_number_{kind}"
    if name not in _sequences:
        with connection.cursor() as cursor:
            cursor.execute("select to_regclass(%s)", [name])
            if cursor.fetchone()[0] is None:
                cursor.execute(f"create sequence if not exists {name} start 10001")
        if not connection.in_atomic_block:
            _sequences.add(name)
    return name


def rebuild_search(record_ids: Sequence[int]) -> None:
    """Write the search rows of records anew from what is stored, after an erasure or an import."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into records_search (record_id, audience, tsv)
            select r.id, a.audience,
                setweight(to_tsvector('simple', r.number || ' ' || r.title), 'A')
                || to_tsvector('simple', r.description || ' ' || r.source_id || ' ' || coalesce((
                    select string_agg(e.body, ' ' order by e.number) from records_journalentry e
                    where e.record_id = r.id and e.number > 1 and e.body is not null
                      and (a.audience = 'desk' or e.visibility = 'public')), ''))
            from records_record r, (values ('desk'), ('requester')) as a(audience)
            where r.id = any(%s)
            on conflict (record_id, audience) do update set tsv = excluded.tsv
            """,
            [list(record_ids)],
        )
