"""The database: an external one by `DATABASE_URL`, else an embedded PostgreSQL of our own.

`ensure(home)` is what everything calls: it starts the embedded server of that
home, or attaches to the one that runs. Whoever started it stops it; who
attached never does. Only a unix socket is opened, in a folder closed to others.
"""

from brigade.config.database.failure import DatabaseUnavailable
from brigade.config.database.server import Server, ensure
from brigade.config.database.url import django_database, embedded_url

__all__ = ["DatabaseUnavailable", "Server", "django_database", "embedded_url", "ensure"]
