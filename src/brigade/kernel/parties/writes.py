"""The few statements of this room that are written by hand."""

from __future__ import annotations

from django.db import connection


def name_the_actor(actor_id: int, os_user: str) -> None:
    """Tell the database, until this transaction ends, who is writing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('brigade.actor', %s, true), set_config('brigade.os_user', %s, true)",
            [str(actor_id), os_user],
        )
