"""Reading the past for a replay: records and their entries in one statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from django.db import connection

from brigade.kernel.work.simulation.replaying import Entry

_PAST = """
with chosen as materialized (
    select id, recipe_version_id from records_record
    where kind = %(kind)s and updated_at >= %(since)s
    order by updated_at desc, id desc limit %(most)s
)
select c.id, c.recipe_version_id, e.number, e.at, e.kind, e.transition, e.visibility, e.origin,
    e.actor_id, e.changes::text, e.body_hash is not null,
    e.changes_hash is not null and e.changes is null, e.source_row is not null
from chosen c join records_journalentry e on e.record_id = c.id
order by c.id, e.number
"""


class History(NamedTuple):
    """A record, the version it runs, and all its entries in order."""

    record: int
    version: int
    entries: list[Entry]


def histories(kind: str, since: datetime, most: int) -> Iterator[History]:
    """Yield the histories of the records of a kind on which something happened since. Unscoped.

    At most so many, the last ones; each with all its entries, for what a record is
    follows from the whole of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAST, {"kind": kind, "since": since, "most": most})
        rows = cursor.fetchall()
    for (record, version), entries in groupby(rows, lambda row: (row[0], row[1])):
        yield History(record, version, [_entry(row) for row in entries])


def _entry(row: tuple[Any, ...]) -> Entry:
    number, at, kind, transition, visibility, origin, actor, changes, *flags = row[2:]
    read = orjson.loads(changes) if changes else {}
    return Entry(number, at, kind, transition, visibility, origin, actor, read, *flags)


def count_since(kind: str, since: datetime) -> int:
    """Return on how many records of a kind something happened since an instant. Unscoped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from records_record where kind = %s and updated_at >= %s",
            [kind, since],
        )
        return int(cursor.fetchone()[0])
