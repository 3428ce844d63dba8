"""`python -m brigade.config.live`, started by `brigade serve` or `brigade live`."""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import signal
import sys
import time
from contextlib import suppress

from granian.constants import Interfaces
from granian.server.embed import Server

from brigade.config.live.app import Live
from brigade.config.live.hub import Hub
from brigade.config.live.launch import Told
from brigade.config.live.listening import Listener

FAREWELL_SECONDS = 2.0
"""How long the last words may take to leave."""
FILES_BESIDE_STREAMS = 200


class Lines(logging.Formatter):
    """The same lines as of the other processes: JSON for machines."""

    converter = staticmethod(time.gmtime)

    def __init__(self, as_json: bool) -> None:
        super().__init__("%(asctime)s [%(levelname)s] %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        if not self.as_json:
            return super().format(record)
        event, _space, detail = record.getMessage().partition(" ")
        said = {"event": event, "process": "live", "level": record.levelname.lower()}
        said |= {"error": detail} if detail else {}
        said["timestamp"] = self.formatTime(record, self.datefmt)
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said)


async def serve(told: Told) -> None:
    """Serve until SIGTERM or SIGINT; say goodbye to every stream first."""
    hub = Hub(told.streams, told.per_person)
    listener = Listener(told.database, hub)
    live = Live(
        hub,
        listener,
        key=bytes.fromhex(told.key),
        cookie=told.cookie,
        origins=frozenset(told.origins),
    )
    server = Server(
        live,
        address=told.host,
        port=told.port,
        interface=Interfaces.ASGINL,
        websockets=False,
        backpressure=told.streams + FILES_BESIDE_STREAMS,
        backlog=1024,
        log_enabled=False,
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    tasks = [asyncio.create_task(listener.run()), asyncio.create_task(server.serve())]
    ended = asyncio.create_task(stop.wait())
    done, _open = await asyncio.wait([*tasks, ended], return_when=asyncio.FIRST_COMPLETED)
    hub.end_all("stop")
    until = loop.time() + FAREWELL_SECONDS
    while hub.streams and loop.time() < until:
        await asyncio.sleep(0.02)
    server.stop()
    tasks[0].cancel()
    with suppress(TimeoutError, asyncio.CancelledError):
        await asyncio.wait_for(tasks[1], FAREWELL_SECONDS)
    for task in done - {ended}:
        task.result()


def main() -> None:
    """Do what the environment tells."""
    told = Told.here()
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(told.json))
    logging.basicConfig(level=told.level.upper(), handlers=[handler])
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = told.streams + FILES_BESIDE_STREAMS
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(most, _soft) if _soft > 0 else most, hard))
    try:
        asyncio.run(serve(told))
    except (OSError, RuntimeError) as error:
        logging.getLogger("live").error("live_cannot_listen %s:%s %s", told.host, told.port, error)
        sys.exit(1)


if __name__ == "__main__":
    main()
