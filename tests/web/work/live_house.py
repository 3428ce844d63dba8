"""A live process beside the test's own web server, and the relay that a worker would run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from brigade.config.live.launch import VARIABLE, command
from brigade.jobs import live_relay
from brigade.kernel.live.passes import signing_key
from brigade.web.work import live as pages


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class LiveProcess:
    """The process that `brigade serve` would run, on the test's database."""

    def __init__(self, origin: str, secret: str) -> None:
        self.port = free_port()
        self.url = f"http://{origin.split('//')[1].split(':')[0]}:{self.port}"
        told = {
            "database": connection.get_connection_params(), "key": signing_key(secret).hex(),
            "cookie": "brigade_session", "origins": [origin], "host": "127.0.0.1",
            "port": self.port, "streams": 20, "per_person": 5, "json": True, "level": "warning",
        }  # fmt: skip
        given: Any = told["database"]
        names = ("dbname", "user", "password", "host", "port")
        told["database"] = " ".join(f"{n}='{given[n]}'" for n in names if given.get(n))
        self.environment = {**os.environ, VARIABLE: json.dumps(told)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(command(), env=self.environment)
        end = time.monotonic() + 20
        while not self.hears():
            assert time.monotonic() < end, "the live process does not listen"
            time.sleep(0.1)
        pages._heard = (-pages.KNOWN_SECONDS, False)

    def hears(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=2) as answer:
                return int(answer.status) == 200
        except OSError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(10)


@contextmanager
def live_house(origin: str, settings: Any) -> Iterator[LiveProcess]:
    """Run both, and tell the pages where."""
    house = LiveProcess(origin, settings.SECRET_KEY)
    live = settings.BRIGADE.live.model_copy(update={"url": house.url, "port": house.port})
    settings.BRIGADE = settings.BRIGADE.model_copy(update={"live": live})
    stop = threading.Event()
    relay = threading.Thread(target=live_relay.run, args=(stop,))
    house.start()
    relay.start()
    try:
        yield house
    finally:
        stop.set()
        relay.join()
        if house.process is not None and house.process.poll() is None:
            house.stop()
