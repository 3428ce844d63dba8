"""Django's settings of the database, whichever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from brigade.config.database.folder import NAME, Folder


def embedded_url(home: Path) -> str:
    """Return the connection string of the embedded database of `home`, running or not."""
    return Folder(home.absolute()).url


def django_database(url: str) -> dict[str, Any]:
    """Return Django's settings of the database that `url` names.

    `url` is a PostgreSQL URL or a libpq connection string; a unix socket folder
    is written as `postgresql:///brigade?host=/folder`.
    """
    given = conninfo_to_dict(url)
    known = {
        "NAME": given.pop("dbname", None) or NAME,
        "USER": given.pop("user", None) or "",
        "PASSWORD": given.pop("password", None) or "",
        "HOST": given.pop("host", None) or "",
        "PORT": str(given.pop("port", None) or ""),
    }
    return {
        "ENGINE": "brigade.config.database.engine",
        **known,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": given,
    }
