"""The statements of this room that are written by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def next_series() -> int:
    """Return a number for a new target, shared by all its wordings."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('clocks_target_id_seq')")
        return int(cursor.fetchone()[0])


def look_again(clock_id: int, seen: datetime, due: datetime) -> None:
    """Set when a clock escalates next, unless somebody wrote it since it was seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update clocks_clock set alert_at = %s where id = %s and alert_at = %s",
            [due, clock_id, seen],
        )
