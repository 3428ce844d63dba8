"""What many tests begin with, built once by the product's verbs and put back row by row after.

The verbs take half a second for an organisation; its rows take a few milliseconds.
Each test process builds a thing once, notes which rows that left in the database,
and gives them back to every later test as they were, with the very same ids:
sequences go on, so that nothing new ever meets an id that was put back. Only the
numbers of records begin where they stood.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction

T = TypeVar("T")

TABLES = """
    select quote_ident(relname) from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace
       and relname not in ('django_migrations')
     order by relname
"""
NUMBERS = """
    select quote_ident(sequencename), last_value from pg_sequences
     where sequencename like 'records_number_%' and last_value is not null
"""


@dataclass(frozen=True)
class Kept:
    """What was built, pickled, and the rows it left; `whole` tables had others changed."""

    made: bytes
    rows: dict[str, bytes]
    whole: frozenset[str]
    numbers: dict[str, int]


_kept: dict[str, Kept] = {}


def once(name: str, build: Callable[[], T]) -> T:
    """Return what `build` makes in an empty database: made the first time, put back later."""
    if name not in _kept:
        before = _contents()
        made = build()
        _kept[name] = _left(made, before, _contents())
        return made
    _put_back(_kept[name])
    found: T = pickle.loads(_kept[name].made)
    return found


def _left(made: Any, before: dict[str, bytes], after: dict[str, bytes]) -> Kept:
    rows, whole = {}, set()
    for table, content in after.items():
        if content != before[table]:
            old = set(before[table].splitlines(keepends=True))
            lines = content.splitlines(keepends=True)
            if not old <= set(lines):
                whole.add(table)
                old = set()
            rows[table] = b"".join(line for line in lines if line not in old)
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS)
        return Kept(pickle.dumps(made), rows, frozenset(whole), dict(cursor.fetchall()))


def _contents() -> dict[str, bytes]:
    """Return the rows of every table, as COPY writes them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            with cursor.copy(f"copy {table} to stdout") as lines:  # type: ignore[attr-defined]
                found[table] = b"".join(bytes(chunk) for chunk in lines)
    return found


def _put_back(kept: Kept) -> None:
    """Write the rows as they were: no trigger runs, what it did is among them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        for table in kept.whole:
            cursor.execute(f"delete from {table}")
        for table, rows in kept.rows.items():
            with cursor.copy(f"copy {table} from stdin") as lines:  # type: ignore[attr-defined]
                lines.write(rows)
        cursor.execute("set local session_replication_role = origin")
        for name, last in kept.numbers.items():
            cursor.execute(f"create sequence if not exists {name} start 10001")
            cursor.execute("select setval(%s, %s)", [name, last])
