"""Where the database is: `DATABASE_URL`, or the socket of the embedded one."""

from __future__ import annotations

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict

DEFAULT_NAME = "brigade"


def django_database(url: str | None = None) -> dict[str, Any]:
    """Return Django's settings of the database that `url` (or the environment) names.

    `url` is a PostgreSQL URL or a libpq connection string; a unix socket folder
    is written as `postgresql:///brigade?host=/folder`.
    """
    given = conninfo_to_dict(url or os.environ.get("DATABASE_URL", ""))
    known = {
        "NAME": given.pop("dbname", None) or DEFAULT_NAME,
        "USER": given.pop("user", None) or DEFAULT_NAME,
        "PASSWORD": given.pop("password", None) or "",
        "HOST": given.pop("host", None) or "",
        "PORT": str(given.pop("port", None) or ""),
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **known,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": given,
    }
