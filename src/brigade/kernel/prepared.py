"""Running one statement prepared, as Django's own cursor never does.

It serves the writes.py and queries.py of all rooms, which hold the statements. Three things make
a statement the same one every time: its placeholders are turned into $1, $2 ...
once (psycopg parses a long statement anew at every call), every value is sent
without a type (an int and a null would make two statements; the casts in the
text say what is meant), and one cursor for each connection is kept.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import psycopg
from django.db import connections
from psycopg.adapt import Dumper
from psycopg.types.datetime import TimestamptzLoader

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class _Untyped(Dumper):
    """A value as text whose type the statement's cast decides."""

    oid = 0

    def dump(self, obj: Any) -> bytes:
        """Return the value as PostgreSQL reads it."""
        return str(obj).encode()


class _UntypedInstant(_Untyped):
    def dump(self, obj: datetime) -> bytes:
        """Return an aware instant in ISO form."""
        return obj.isoformat().encode()


class _UntypedTruth(_Untyped):
    def dump(self, obj: bool) -> bytes:
        """Return t or f."""
        return b"t" if obj else b"f"


def run_prepared(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run one statement prepared on the current connection; return its first row, if any.

    Every placeholder carries a cast (`%(name)s::bigint`). A connection that broke
    since the last request is noticed here as Django's cursor would.
    """
    with connections["default"].wrap_database_errors:
        return cast("tuple[Any, ...] | None", _executed(statement, parameters).fetchone())


def rows_prepared(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement prepared as `run_prepared` does; return all its rows."""
    with connections["default"].wrap_database_errors:
        return _executed(statement, parameters).fetchall()


def rows_numbered(text: bytes, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement with $1, $2 ... prepared; return all its rows.

    It serves what the ORM has written (`numbered`), where the columns that values
    are compared with say what is meant.
    """
    with connections["default"].wrap_database_errors:
        cursor = _line()
        return cursor.execute(text, values, prepare=True).fetchall()


def numbered(sql: str) -> bytes:
    """Return a statement of the ORM, which has %s for each parameter, with $1, $2 ..."""
    count = itertools.count(1)
    return _ESCAPED.sub(lambda found: f"${next(count)}" if found[0] == "%s" else "%", sql).encode()


_ESCAPED = re.compile("%[s%]")


def _executed(statement: str, parameters: Mapping[str, Any]) -> psycopg.RawCursor[Any]:
    text, names = _numbered(statement)
    cursor = _line()
    cursor.execute(text, [parameters[name] for name in names], prepare=True)
    return cursor


def _line() -> psycopg.RawCursor[Any]:
    here = connections["default"]
    here.close_if_health_check_failed()
    here.ensure_connection()
    return _cursor(cast("psycopg.Connection[Any]", here.connection))


@lru_cache(maxsize=50)
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a statement with $n for each name, and the names in their order."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found.group(1), len(names) + 1)}"

    text = _PLACEHOLDER.sub(number, statement)
    return text.encode(), tuple(names)


_KEPT = "brigade_prepared_cursor"


def _cursor(raw: psycopg.Connection[Any]) -> psycopg.RawCursor[Any]:
    """Return the connection's own cursor for prepared statements; it goes with the connection."""
    kept: psycopg.RawCursor[Any] | None = raw.__dict__.get(_KEPT)
    if kept is not None and not kept.closed:
        return kept
    cursor = psycopg.RawCursor(raw)
    cursor.adapters.register_dumper(int, _Untyped)
    cursor.adapters.register_dumper(str, _Untyped)
    cursor.adapters.register_dumper(datetime, _UntypedInstant)
    cursor.adapters.register_dumper(bool, _UntypedTruth)
    cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
    raw.__dict__[_KEPT] = cursor
    return cursor
