"""Bulk in the demo's shapes: records, their chained journal and their search rows, by COPY."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import TYPE_CHECKING, Any

import orjson

from bench.company import SEED, Company

if TYPE_CHECKING:
    import psycopg

POOL_STEP = 10
"""Every tenth record is being worked on by the desk and has exactly `POOL_VERSION` entries."""
POOL_VERSION = 3
RARE, COMMON, OLD = "kaolin", "please", "minitel"
RARE_STEP, OLD_PART = 5_000, 5
"""One record in so many has the rare word; every record of the first fifth has the old one."""
NUMBERS_FROM = 10_000

RECORD = (
    "id", "number", "kind", "title", "description", "state", "state_category", "category",
    "priority", "priority_fact", "requester_id", "customer_id", "service_id", "ci_kind",
    "team_id", "assignee_id", "channel", "recipe_version_id", "data", "confidential",
    "opened_by_id", "opened_at", "active_at", "waiting_at", "resolved_at", "closed_at",
    "updated_at", "timer", "timer_due", "next_due", "version", "entries", "source", "source_id",
)  # fmt: skip
ENTRY = (
    "record_id", "number", "at", "actor_id", "kind", "transition", "visibility", "body", "changes",
)  # fmt: skip
TABLES = ("records_record", "records_journalentry", "records_search")

_STAGE = """
create unlogged table bench_record as select {record} from records_record with no data;
create unlogged table bench_entry as select {entry} from records_journalentry with no data;
"""
_CHAIN = """
create unlogged table bench_chain as
select e.*, text_hash(e.body) as body_hash, text_hash(e.changes::text) as changes_hash,
    entry_chain(null::bytea, record_id, null::text, null::bigint, number, at, actor_id, '', kind,
        transition, visibility, 'simulation', null::text, text_hash(e.body),
        text_hash(e.changes::text)) over (partition by record_id order by number) as hash
from bench_entry e;
"""
_WRITE = """
insert into records_record ({record}, head)
select {records}, c.hash from bench_record b
    join bench_chain c on c.record_id = b.id and c.number = b.entries order by b.id;
insert into records_journalentry ({entry}, os_user, origin, body_hash, changes_hash, prev_hash,
    hash, erased_reason)
select {entry}, '', 'simulation', body_hash, changes_hash,
    lag(hash) over (partition by record_id order by number), hash, ''
from bench_chain order by record_id, number;
insert into records_search (record_id, audience, tsv)
select b.id, a.audience, setweight(to_tsvector('simple', b.number || ' ' || b.title), 'A')
    || to_tsvector('simple', coalesce((select string_agg(e.body, ' ' order by e.number)
        from bench_entry e where e.record_id = b.id and e.body is not null
          and (a.audience = 'desk' or e.visibility = 'public')), ''))
from bench_record b, (values ('desk'), ('requester')) as a(audience) order by b.id;
drop table bench_record, bench_entry, bench_chain;
"""


def fill(connection: psycopg.Connection[Any], company: Company, count: int, end: datetime) -> None:
    """Put `count` records with their history into a database, and let it settle."""
    pour(connection, company, count, end)
    connection.execute("vacuum analyze")
    connection.execute("checkpoint")


def pour(connection: psycopg.Connection[Any], company: Company, count: int, end: datetime) -> None:
    """Write records, chained journal and search rows in one transaction."""
    names = {"record": ", ".join(RECORD), "entry": ", ".join(ENTRY)}
    names["records"] = ", ".join(f"b.{name}" for name in RECORD)
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        connection.execute("set local maintenance_work_mem = '1GB'")
        connection.execute("set local work_mem = '256MB'")
        connection.execute(_STAGE.format(**names))
        _copy(connection, "bench_record", RECORD, _records(company, count, end))
        _copy(connection, "bench_entry", ENTRY, _entries(company, count, end))
        connection.execute("create index on bench_entry (record_id)")
        connection.execute("analyze bench_record; analyze bench_entry")
        connection.execute(_CHAIN)
        indexes = _without_indexes(connection)
        connection.execute(_WRITE.format(**names))
        for index in indexes:
            connection.execute(index)
        connection.execute("select setval('records_record_id_seq', %s)", [count])
        connection.execute("select setval('records_number_incident', %s)", [NUMBERS_FROM + count])


def _without_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    """Drop the indexes that no constraint needs; return how to make them again."""
    rows = connection.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i"
        " where i.indrelid::regclass::text = any(%s) and not i.indisunique",
        [list(TABLES)],
    ).fetchall()
    for name, _definition in rows:
        connection.execute(f"drop index {name}")
    return [definition for _name, definition in rows]


def _copy(
    connection: psycopg.Connection[Any],
    table: str,
    columns: tuple[str, ...],
    rows: Iterator[tuple[Any, ...]],
) -> None:
    with connection.cursor().copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)


class Life:
    """What one record of the bulk has gone through, decided by its id alone."""

    def __init__(self, company: Company, number: int, count: int, end: datetime) -> None:
        random = Random(SEED + number)
        self.number, self.random, self.company = number, random, company
        self.opened = end - timedelta(days=365) * (1 - number / (count + 1))
        step = number % POOL_STEP
        self.state = {0: "active", 1: "new", 2: "waiting"}.get(step, "closed")
        if step == 1 and number % 3 == 0:
            self.state = "cancelled"
        self.requester, self.customer = random.choice(company.requesters)
        code = random.choice(tuple(company.services))
        self.service, team = company.services[code][0], _team_of(code)
        self.team = "desk" if self.state == "active" else team
        self.assignee = None if self.state == "new" else random.choice(company.agents[self.team])
        fault = random.choice(_faults(code))
        month = self.opened.strftime("%B")
        place = {"n": 100 + number % 900, "month": month}
        self.title = fault.title.format(**place)
        self.told = self._words(fault.told.format(**place), count)
        self.solved = fault.solved.format(**place)
        self.priority = 2 if random.random() < 0.15 else 4

    def _words(self, told: str, count: int) -> str:
        lines = [told, *islice(cycle(_lines("answers")), self.number % 4, self.number % 4 + 3)]
        if self.number % 8:
            lines.append(f"{COMMON.capitalize()} call me on extension {self.number % 9_973}.")
        if self.number % RARE_STEP == 7:
            lines.append(f"The {RARE} is in the printer again.")
        if self.number * OLD_PART <= count:
            lines.append(f"It was like this on the {OLD} too.")
        return " ".join(lines)


def _team_of(service: str) -> str:
    from brigade.integrations.meridian.staffing import SERVICES

    return str(SERVICES[service].team)


def _faults(service: str) -> Any:
    from brigade.integrations.meridian.texts import faults

    if service not in _FAULTS:
        _FAULTS[service] = faults(service)
    return _FAULTS[service]


_FAULTS: dict[str, Any] = {}


def _lines(name: str) -> list[str]:
    from brigade.integrations.meridian.texts import words

    return list(words()[name])


def _records(company: Company, count: int, end: datetime) -> Iterator[tuple[Any, ...]]:
    from brigade.kernel.instants import NEVER

    category = {"closed": "closed", "cancelled": "cancelled"}
    for number in range(1, count + 1):
        life = Life(company, number, count, end)
        steps = history(life)
        at = {move: when for when, _who, _kind, move, *_rest in steps if move}
        last = steps[-1][0]
        due = end + timedelta(hours=1 + number % 240)
        wakes = life.state == "waiting" and number % 20 < 10
        data = {"urgent": life.priority == 2, "affected_users": 0, "reopen_count": 0}
        data |= {"waiting_reason": "requester"} if life.state == "waiting" else {}
        data |= {"resume_at": due.isoformat()} if wakes else {}
        data |= {"resolution": life.solved} if "resolve" in at else {}
        yield (
            number, f"INC-{NUMBERS_FROM + number}", "incident", life.title, life.told, life.state,
            category.get(life.state, life.state), "", life.priority, "", life.requester,
            life.customer, life.service, "", company.teams[life.team], life.assignee, "portal",
            company.recipe_version, orjson.dumps(data).decode(), False, life.requester,
            life.opened, at.get("start"), at.get("wait"), at.get("resolve"),
            at.get("confirm") or at.get("cancel"), last, "wake" if wakes else "",
            due if wakes else NEVER, due if wakes else NEVER, len(steps), len(steps), "", "",
        )  # fmt: skip


def history(life: Life) -> list[tuple[Any, ...]]:
    """Return (at, actor, kind, transition, visibility, body, changes) of each entry of a life."""
    hour, who = timedelta(hours=1), life.assignee
    opened = {"title": [None, life.title], "state": [None, "new"], "channel": [None, "portal"]}
    opened |= {"priority": [None, life.priority], "service": [None, life.service]}
    steps = [(life.opened, life.requester, "opened", "", "public", life.told, opened)]
    if life.state == "new":
        return steps
    if life.state == "cancelled":
        gone = {"state": ["new", "cancelled"], "cancel_reason": [None, "I found it myself."]}
        return [
            *steps,
            (life.opened + hour, life.requester, "moved", "cancel", "public", None, gone),
        ]
    taken = {"state": ["new", "active"], "assignee": [None, who]}
    reply = life.random.choice(_lines("replies"))
    steps.append((life.opened + hour, who, "moved", "start", "public", None, taken))
    steps.append((life.opened + 2 * hour, who, "said", "", "public", reply, None))
    if life.state == "waiting":
        waits = {"state": ["active", "waiting"], "waiting_reason": [None, "requester"]}
        question = life.random.choice(_lines("questions"))
        steps.append((life.opened + 3 * hour, who, "moved", "wait", "public", question, waits))
    if life.state == "closed":
        note = life.random.choice(_lines("notes"))
        solved = {"state": ["active", "resolved"], "resolution": [None, life.solved]}
        closed = {"state": ["resolved", "closed"]}
        steps.append((life.opened + 3 * hour, who, "said", "", "internal", note, None))
        steps.append((life.opened + 5 * hour, who, "moved", "resolve", "public", None, solved))
        steps.append(
            (life.opened + 20 * hour, life.requester, "moved", "confirm", "public", None, closed)
        )
    return steps


def _entries(company: Company, count: int, end: datetime) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        steps = history(Life(company, number, count, end))
        for place, (at, who, kind, move, visibility, body, changes) in enumerate(steps, 1):
            told = None if changes is None else orjson.dumps(changes).decode()
            yield number, place, at, who, kind, move, visibility, body, told
