"""Why the database cannot be had, and what to do about it."""

from __future__ import annotations

from brigade.kernel.refused import Refused


class DatabaseUnavailable(Refused):
    """The database cannot be started or reached; the message says how to put it right."""

    status = 503
