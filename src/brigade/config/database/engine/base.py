"""The connection: it prepares what asks for it, and tells a closed line without a round trip."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base

PREPARED_AT_MOST = 200
"""Statements that one connection keeps prepared; the one not used for longest gives way."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, which by itself forbids psycopg to prepare anything."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return what psycopg connects with. Django's own cursors prepare nothing all the same."""
        return {**super().get_connection_params(), "prepare_threshold": 0}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection that keeps enough statements for lists of every kind."""
        made = super().get_new_connection(conn_params)
        made.prepared_max = PREPARED_AT_MOST
        return made

    def is_usable(self) -> bool:
        """Tell whether the connection still works, as Django asks once in every request.

        A server that went away has closed the line, and a closed line can be read.
        Only where there is something to read, the question goes to the server.
        """
        if self.connection is not None and not self.connection.closed and not self._something():
            return True
        return super().is_usable()

    def _something(self) -> bool:
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return bool(line.poll(0))
