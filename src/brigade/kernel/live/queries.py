"""What the journal has that nobody was told of yet, and who listens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from brigade.kernel.live.channel import APPLICATION

RELAY_LOCK = 5_021_774
"""The advisory lock of the one worker that relays."""


class Entry(NamedTuple):
    """A journal entry as far as news goes; `record` is None for one about configuration."""

    id: int
    record: int | None
    number: int
    public: bool


def newest_entry() -> int:
    """Return the id of the newest journal entry, 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from records_journalentry")
        return int(cursor.fetchone()[0])


def entries_after(newest: int, gaps: Sequence[int], most: int) -> list[Entry]:
    """Return at most `most` entries with an id above `newest`, and those that closed a gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            (select id, record_id, number, visibility = 'public' from records_journalentry
              where id > %s order by id limit %s)
            union all
            select id, record_id, number, visibility = 'public' from records_journalentry
             where id = any(%s)
            """,
            [newest, most, list(gaps)],
        )
        return [Entry(*row) for row in cursor.fetchall()]


def take_turn() -> bool:
    """Tell whether this connection is the one that relays; it stays so until it closes."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [RELAY_LOCK])
        return bool(cursor.fetchone()[0])


def listeners() -> list[tuple[str, int]]:
    """Return the live processes that listen: host with process id, and how many streams each has.

    A process says so in its connection's name, which goes with the process.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select application_name from pg_stat_activity"
            " where datname = current_database() and application_name like %s",
            [f"{APPLICATION} %"],
        )
        names = [row[0].removeprefix(f"{APPLICATION} ").rsplit(" ", 1) for row in cursor.fetchall()]
    return sorted((name[0], int(name[1])) for name in names if name[-1].isdecimal())
