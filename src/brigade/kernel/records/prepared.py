"""Running one statement prepared, as Django's own cursor never does.

It serves writes.py and queries.py, which hold the statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import psycopg
from django.db import connection
from psycopg.types.numeric import Int8Dumper


class _Int8(Int8Dumper):
    """psycopg picks int2, int4 or int8 by value, so one statement would become four."""


def run_prepared(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run one statement prepared on the current connection; return its first row, if any.

    A connection that broke since the last request is noticed here as Django's cursor would.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", connection.connection)
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        cursor.adapters.register_dumper(int, _Int8)
        cursor.execute(statement, parameters, prepare=True)
        return cursor.fetchone()
