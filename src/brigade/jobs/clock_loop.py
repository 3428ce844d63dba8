"""The loop that follows the clocks: what a recipe says shall happen at their marks, happens.

It runs beside the job worker in the same process and asks every two seconds,
which costs two small looks. Any number of workers may run it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from brigade.kernel.work.escalations import raise_due
from brigade.kernel.work.recounting import hold_to_targets

log = structlog.get_logger(__name__)

IDLE_SECONDS = 2.0
TROUBLE_SECONDS = 5.0
"""How long the loop rests while the database does not answer, or a record cannot be written."""


def turn() -> int:
    """Hold clocks to what changed, then raise what is due; return how much there was to do."""
    return hold_to_targets() + raise_due()


def follow(stop: threading.Event, sweep: Callable[[], int] = turn) -> None:
    """Sweep until `stop` is set, without a rest while there is more to raise."""
    while not stop.is_set():
        rest = IDLE_SECONDS
        try:
            close_old_connections()
            if sweep():
                rest = 0.0
        except (DatabaseError, InterfaceError) as error:
            log.warning("clock_loop_database_trouble", error=str(error))
            connection.close()
            rest = TROUBLE_SECONDS
        except Exception:
            log.exception("clock_loop_failed")
            rest = TROUBLE_SECONDS
        stop.wait(rest)
    connection.close()
