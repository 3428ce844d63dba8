"""The statements of this room that are written by hand."""

from __future__ import annotations

from django.db import connection


def next_series() -> int:
    """Return a number for a new target, shared by all its wordings."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('clocks_target_id_seq')")
        return int(cursor.fetchone()[0])
