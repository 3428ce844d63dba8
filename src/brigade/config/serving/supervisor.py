"""Keeping everything running, and stopping it in order."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from types import FrameType

import structlog

from brigade.config import metrics
from brigade.config.cli.frame import Here, open_database
from brigade.config.database import DatabaseUnavailable
from brigade.config.environment import Environment
from brigade.config.live import launch
from brigade.config.serving.child import Child
from brigade.kernel.refused import Refused

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.5
GRACE = 25.0
"""Seconds that web and workers get to finish what they have begun."""
CONNECTION_IDLE_SECONDS = 600
"""How long a web thread, and with it its database connection, is kept without work."""


class Supervisor:
    """Runs until a signal: `run` returns when everything has stopped."""

    def __init__(self, here: Here) -> None:
        self.environment = here.environment
        self.server = here.server
        self.stopping = threading.Event()
        self.children = [Child("web", web_command(self.environment))]
        if self.environment.live_port:
            told = launch.surroundings(self.environment)
            self.children.append(Child("live", launch.command(), told))
        for number in range(self.environment.worker.processes):
            self.children.append(Child(f"worker-{number + 1}", _brigade("worker")))

    def run(self) -> None:
        """Start everything, look after it, and stop it when SIGTERM or SIGINT comes."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        try:
            while not self.stopping.is_set():
                if self._database_runs():
                    for child in self.children:
                        child.keep_running()
                self.stopping.wait(LOOK_EVERY)
        finally:
            self._end()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _database_runs(self) -> bool:
        if self.server is None or self.server.alive():
            return True
        log.warning("database_ended")
        self.server.stop()
        try:
            self.server = open_database(self.environment, share=False)
        except DatabaseUnavailable as error:
            log.error("database_unavailable", code=error.code, message=error.message)
            self.stopping.wait(5)
            return False
        log.info("database_started")
        return True

    def _end(self) -> None:
        deadline = time.monotonic() + GRACE
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait(deadline)
        if self.server is not None:
            self.server.stop(wait_for_others=10)


def prepare(environment: Environment) -> None:
    """Put in order what the processes share: static files, and the figures they count in.

    Raises Refused when the port for figures is taken.
    """
    from django.core.management import call_command

    metrics.prepare(environment.home / "run" / "metrics")
    call_command("collectstatic", interactive=False, clear=False, verbosity=0)
    if environment.metrics.port:
        try:
            metrics.serve(environment.metrics.host, environment.metrics.port)
        except OSError as error:
            raise Refused(
                "metrics_port",
                f"The figures cannot be served on {environment.metrics.host}:"
                f"{environment.metrics.port}: {error.strerror}. Set BRIGADE_METRICS_PORT to a "
                "free port, or to 0 for none.",
            ) from error


def web_command(environment: Environment) -> list[str]:
    """Return the command line of the web server."""
    web = environment.web
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", web.host, "--port", str(web.port)),
        *("--workers", str(web.workers), "--blocking-threads", str(web.threads)),
        *("--blocking-threads-idle-timeout", str(CONNECTION_IDLE_SECONDS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(int(GRACE) - 5)),
        *("--no-ws", "--log-level", "warning"),
        "brigade.config.wsgi:application",
    ]


def _brigade(*words: str) -> list[str]:
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    return [sys.executable, "-m", "brigade.config.cli", *words]
