"""Saying something on the channel, and the signs of life at a record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from brigade.kernel.live.channel import CHANNEL, payloads


def tell(said: Iterable[str]) -> None:
    """Say payloads on the channel; they are heard when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, x) from unnest(%s::text[]) x", [CHANNEL, list(said)])


def tell_people(person_ids: Iterable[int]) -> None:
    """Say who has a new notice."""
    if said := list(payloads("told", sorted(set(person_ids)))):
        tell(said)


def beat(record_id: int, person_id: int, doing: str, *, at: datetime, alive: datetime) -> None:
    """Write down that somebody is at a record, and say so where that is new.

    One statement. A sign older than `alive` counts as gone.
    """
    (said,) = payloads("present", [record_id])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with known as (
                select 1 from live_presence where record_id = %(record)s and person_id = %(person)s
                   and doing = %(doing)s and beat_at >= %(alive)s
            ), kept as (
                insert into live_presence (record_id, person_id, doing, beat_at)
                values (%(record)s, %(person)s, %(doing)s, %(at)s)
                on conflict (record_id, person_id)
                do update set doing = excluded.doing, beat_at = excluded.beat_at
            )
            select pg_notify(%(channel)s, %(said)s) where not exists (select 1 from known)
            """,
            {
                "record": record_id,
                "person": person_id,
                "doing": doing,
                "at": at,
                "alive": alive,
                "channel": CHANNEL,
                "said": said,
            },
        )


def leave(record_id: int, person_id: int) -> None:
    """Take somebody away from a record, and say so where they were there."""
    (said,) = payloads("present", [record_id])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with gone as (
                delete from live_presence where record_id = %s and person_id = %s returning 1
            )
            select pg_notify(%s, %s) from gone
            """,
            [record_id, person_id, CHANNEL, said],
        )
