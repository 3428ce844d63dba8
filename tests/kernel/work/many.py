"""Many records with a history, in a handful of statements: for whoever counts thousands.

A `Life` is one course that `number` records take. Its entries are given as
(minutes after it was opened, kind, transition, changes); the database numbers
and chains them as the product would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection

from brigade.kernel.records.models import Record
from brigade.kernel.work.names import PLAIN, REFERENCES

Step = tuple[int, str, str, dict[str, Any]]
CATEGORY = {"new": "new", "active": "active", "waiting": "waiting", "resolved": "resolved",
            "closed": "closed", "cancelled": "cancelled"}  # fmt: skip


@dataclass(frozen=True)
class Life:
    """So many records that begin with `values` and live through `steps`, the first at `opened`.

    The next one is opened `apart` later.
    """

    number: int
    opened: datetime
    values: dict[str, Any]
    steps: Sequence[Step] = ()
    apart: timedelta = timedelta(minutes=1)
    actor: int | None = None
    state: str = "new"
    seen: dict[str, Any] = field(default_factory=dict)


_STAGE = """
create temp table many_entry on commit drop as
select record_id, number, at, actor_id, kind, transition, visibility, changes
from records_journalentry with no data;
create temp table many_record on commit drop as
select {names} from records_record with no data;
"""
_RECORD = (
    "id", "number", "kind", "title", "description", "state", "state_category", "category",
    "impact", "urgency", "priority", "priority_fact", "requester_id", "customer_id", "service_id",
    "ci_kind", "team_id", "assignee_id", "channel", "recipe_version_id", "data", "confidential",
    "opened_by_id", "opened_at", "active_at", "waiting_at", "resolved_at", "closed_at",
    "updated_at", "timer", "timer_due", "next_due", "version", "entries", "source", "source_id",
)  # fmt: skip
_WRITE = """
create temp table many_chain on commit drop as
select e.*, text_hash(e.changes::text) as changes_hash,
    entry_chain(null::bytea, record_id, null::text, null::bigint, number, at, actor_id, '', kind,
        transition, visibility, 'page', null::text, null::bytea, text_hash(e.changes::text))
        over (partition by record_id order by number) as hash
from many_entry e;
insert into records_record ({names}, head)
select {records}, c.hash from many_record b
    join many_chain c on c.record_id = b.id and c.number = b.entries order by b.id;
insert into records_journalentry (record_id, number, at, actor_id, kind, transition, visibility,
    changes, os_user, origin, changes_hash, prev_hash, hash, erased_reason)
select record_id, number, at, actor_id, kind, transition, visibility, changes, '', 'page',
    changes_hash, lag(hash) over (partition by record_id order by number), hash, ''
from many_chain order by record_id, number;
drop table many_chain, many_entry, many_record;
"""


def pour(kind: str, version: int, lives: Sequence[Life]) -> list[int]:
    """Write the records of these lives with their journals; return their ids in order."""
    names = {"names": ", ".join(_RECORD), "records": ", ".join(f"b.{name}" for name in _RECORD)}
    made = [row for life in lives for row in _rows(kind, version, life)]
    with connection.cursor() as cursor:
        cursor.execute("select nextval('records_record_id_seq') from generate_series(1, %s)",
                       [len(made)])  # fmt: skip
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(_STAGE.format(**names))
        plain = cursor.cursor  # psycopg's own, which copies
        with plain.copy(f"copy many_record ({names['names']}) from stdin") as copy:
            for pk, (record, _entries) in zip(ids, made, strict=True):
                row = {**record, "id": pk, "number": f"INC-{500_000 + pk}"}
                copy.write_row([row[name] for name in _RECORD])
        with plain.copy("copy many_entry from stdin") as copy:
            for pk, (_record, entries) in zip(ids, made, strict=True):
                for entry in entries:
                    copy.write_row([pk, *entry])
        cursor.execute(_WRITE.format(**names))
    return ids


def _rows(kind: str, version: int, life: Life) -> list[tuple[dict[str, Any], list[list[Any]]]]:
    return [_row(kind, version, life, life.opened + turn * life.apart)
            for turn in range(life.number)]  # fmt: skip


def _row(
    kind: str, version: int, life: Life, opened: datetime
) -> tuple[dict[str, Any], list[list[Any]]]:
    first = {"title": "Till does not open", "state": life.state, **life.values}
    told: list[Step] = [(0, "opened", "", {n: [None, v] for n, v in first.items()}), *life.steps]
    values, stamps, entries = dict[str, Any](), dict[str, datetime](), list[list[Any]]()
    for number, (minutes, what, transition, changes) in enumerate(told, 1):
        at = opened + timedelta(minutes=minutes)
        values |= {name: change[1] for name, change in changes.items()}
        if "state" in changes and (stamp := CATEGORY.get(changes["state"][1])):
            stamps[stamp] = at
        entries.append([number, at, life.actor, what, transition, "public",
                        orjson.dumps(changes).decode()])  # fmt: skip
    record = {f.attname: f.get_default() for f in Record._meta.concrete_fields}
    record |= {f"{n}_id" if n in REFERENCES else n: v
               for n, v in values.items() if n in PLAIN or n in REFERENCES}  # fmt: skip
    data = {n: v for n, v in values.items() if n not in PLAIN and n not in REFERENCES}
    category = CATEGORY.get(values["state"], "active")
    return record | {
        "kind": kind, "data": orjson.dumps(data).decode(), "recipe_version_id": version,
        "state_category": category, "opened_at": opened, "updated_at": entries[-1][1],
        "opened_by_id": life.actor, "active_at": stamps.get("active"),
        "waiting_at": stamps.get("waiting"), "resolved_at": stamps.get("resolved"),
        "closed_at": stamps.get("closed"), "version": len(entries), "entries": len(entries),
    }, entries  # fmt: skip
