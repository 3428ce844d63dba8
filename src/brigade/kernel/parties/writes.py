"""The few statements of this room that are written by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def name_the_actor(actor_id: int, os_user: str, origin: str, instant: datetime) -> None:
    """Tell the database, until this transaction ends, who is writing, whence and when."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('brigade.actor', %s, true), set_config('brigade.os_user', %s, true),"
            " set_config('brigade.origin', %s, true), set_config('brigade.at', %s, true)",
            [str(actor_id), os_user, origin, instant.isoformat()],
        )
