"""The loop that tells the live process what was committed, a few times a second.

One worker of all relays, the one that holds a lock of the database; it passes
to another with the connection. Whoever takes it over tells everybody to look
again, because what happened in between was told to nobody.
"""

from __future__ import annotations

import threading

import structlog
from django.db import DatabaseError, InterfaceError, connection

from brigade.kernel.live.news import News
from brigade.kernel.live.queries import take_turn

log = structlog.get_logger(__name__)

EVERY_SECONDS = 0.3
OTHERS_TURN_SECONDS = 5.0
TROUBLE_SECONDS = 2.0


def run(stop: threading.Event) -> None:
    """Relay until `stop` is set."""
    news: News | None = None
    while not stop.is_set():
        rest = EVERY_SECONDS
        try:
            if news is None and take_turn():
                news = News()
            if news is None:
                rest = OTHERS_TURN_SECONDS
            else:
                news.turn()
        except (DatabaseError, InterfaceError) as error:
            log.warning("live_relay_database_trouble", error=str(error))
            connection.close()
            news, rest = None, TROUBLE_SECONDS
        stop.wait(rest)
    connection.close()
