"""One process that is kept running."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import structlog

from brigade.config.database.account import die_with_parent

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between a death and the next start; doubled each time, up to the longest."""
STEADY = 60.0
"""After so many seconds of life the next death starts again with the first pause."""


class Child:
    """A command that is started again whenever it ends, with longer pauses if it keeps dying."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.command = command
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._next_start = 0.0

    def keep_running(self) -> None:
        """Start it where it is not running and its pause is over. Call again and again."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self._end_descendants()
            if now - self._started > STEADY:
                self._pause = FIRST_PAUSE
            log.warning("process_ended", process=self.name, code=code, again_in=self._pause)
            self.process = None
            self._next_start = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        if now >= self._next_start:
            # A session of its own: an interrupt from the keyboard reaches the
            # supervisor alone, which then stops everything in order.
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                env=self.environment,
                start_new_session=True,
                preexec_fn=_die_with_supervisor,
            )
            self._started = now
            log.info("process_started", process=self.name, pid=self.process.pid)

    def ask_to_stop(self) -> None:
        """Tell it to finish what it is doing and end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait until it has ended; at `deadline` (monotonic seconds) end it and its children."""
        if self.process is None:
            return
        try:
            self.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            log.warning("process_killed", process=self.name)
            self._end_descendants()
            self.process.wait()

    def _end_descendants(self) -> None:
        # A web server that was killed leaves its own processes behind, which
        # would go on answering on the same port.
        assert self.process is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _die_with_supervisor() -> None:
    die_with_parent(signal.SIGTERM)
