"""The one connection that listens, and the one that asks who may see what it heard."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from brigade.config.live.hub import Hub
from brigade.kernel.live.channel import APPLICATION, CHANNEL, read
from brigade.kernel.live.passes import Pass

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
TURN_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0

_RECORDS = """
select id, number, kind, team_id, assignee_id, requester_id, customer_id, service_id,
       provider_id, confidential,
       array(select person_id from records_watcher w where w.record_id = r.id) as watchers
  from records_record r where id = any(%s)
"""
_NUMBERED = _RECORDS.replace("id = any(%s)", "number = any(%s)")
_STANDS = """
select 1 from parties_person p, django_session s
 where p.id = %s and p.is_active and p.rights_version = %s
   and s.session_key = %s and s.expire_date > %s
"""


class Listener:
    """Hears the channel and tells the hub. Loses no stream when the database goes away."""

    def __init__(self, database: str, hub: Hub) -> None:
        self.database, self.hub = database, hub
        self.hears = False
        self._asking: psycopg.AsyncConnection[dict[str, Any]] | None = None
        self._turn = asyncio.Lock()
        self._shown = -1

    async def run(self) -> None:
        """Listen until cancelled; connect again, ever more slowly, where that fails."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    # What happened meanwhile was heard by nobody, an end of access least of all.
                    self.hub.end_all("renew")
                    self.hears, pause, self._shown = True, FIRST_PAUSE, -1
                    log.info("live_listens")
                    while True:
                        await self._hear(connection)
            except psycopg.Error as error:
                log.warning("live_database_trouble %s", str(error).strip())
            finally:
                self.hears = False
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def stands(self, ticket: Pass, session_key: str) -> bool:
        """Tell whether a pass is still true: the person active, their rights and session as then.

        Asked once the stream is open in the hub, so that no end falls in between.
        """
        now = datetime.fromtimestamp(time.time(), UTC)
        return bool(await self._ask(_STANDS, [ticket.person, ticket.rights, session_key, now]))

    async def rows_of(self, numbers: Sequence[str]) -> list[dict[str, Any]]:
        """Return what reach asks of the records with these numbers, unscoped."""
        return await self._ask(_NUMBERED, [list(numbers)])

    async def _connect(self) -> psycopg.AsyncConnection[dict[str, Any]]:
        return await psycopg.AsyncConnection.connect(
            self.database,
            autocommit=True,
            row_factory=dict_row,
            connect_timeout=CONNECT_SECONDS,
            application_name=f"{APPLICATION} asks",
            keepalives_idle=30,
        )

    async def _hear(self, connection: psycopg.AsyncConnection[dict[str, Any]]) -> None:
        await self._show(connection)
        heard = [
            read(notify.payload)
            async for notify in connection.notifies(timeout=TURN_SECONDS, stop_after=1)
        ]
        if heard:
            # Whatever else has come by now belongs to the same batch.
            async for notify in connection.notifies(timeout=0):
                heard.append(read(notify.payload))
            await self.tell(heard)

    async def tell(self, heard: Sequence[Mapping[str, Any]]) -> None:
        """Tell the hub what was heard; ends of access first, and without asking anybody."""
        gathered: dict[str, list[Any]] = {}
        for said in heard:
            for key, values in said.items():
                gathered.setdefault(key, []).extend(values if isinstance(values, list) else [])
        if "people" in gathered or "sessions" in gathered:
            self.hub.end_of(gathered.get("people", ()), gathered.get("sessions", ()))
        if "again" in gathered:
            self.hub.look_again()
        self.hub.told(gathered.get("told", ()))
        changed: dict[int, list[int]] = {}
        for record, entry, public in gathered.get("changed", ()):
            before = changed.get(record, [0, 0])
            changed[record] = [max(before[0], entry), max(before[1], public)]
        present = set(gathered.get("present", ()))
        wanted = list(present | set(changed))
        if wanted and self.hub.streams:
            rows = await self._ask(_RECORDS, [wanted])
            self.hub.changed([row for row in rows if row["id"] in changed], changed)
            self.hub.present([row for row in rows if row["id"] in present])

    async def _ask(self, statement: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        async with self._turn:
            for again in (True, False):
                try:
                    if self._asking is None or self._asking.closed:
                        self._asking = await self._connect()
                    found = await self._asking.execute(statement, parameters)
                    return await found.fetchall()
                except psycopg.OperationalError:
                    if self._asking is not None:
                        with suppress(psycopg.Error):
                            await self._asking.close()
                    self._asking = None
                    if not again:
                        raise
        return []

    async def _show(self, connection: psycopg.AsyncConnection[dict[str, Any]]) -> None:
        """Say in the connection's name how many streams there are: nothing else has to be kept."""
        if self._shown != (open_now := len(self.hub.streams)):
            name = f"{APPLICATION} {socket.gethostname()[:30]}-{os.getpid()} {open_now}"
            await connection.execute("select set_config('application_name', %s, false)", [name])
            self._shown = open_now


def problem(error: Exception) -> bytes:
    """Return what is said to a page that cannot be let in for want of a database."""
    return json.dumps({"code": "database", "title": str(error).strip()}).encode()
