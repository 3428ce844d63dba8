"""Where a run happens: an installation of its own, its database server, fresh databases."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from brigade.config.database import Server
from brigade.config.database.folder import NAME, PORT, Folder

TEMPLATE = "filled"


class Place:
    """A throw-away installation with fsync on, as a real one has it."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="brigade-bench-"))
        self.folder = Folder(self.home)
        for name in [name for name in os.environ if name.startswith("BRIGADE_")]:
            del os.environ[name]
        os.environ.pop("DATABASE_URL", None)
        os.environ["BRIGADE_HOME"] = str(self.home)
        os.environ["BRIGADE_LOG_LEVEL"] = "warning"
        self.server: Server | None = None

    def open(self) -> None:
        """Start the database, set Django up, and make the first state of an installation."""
        from brigade.config.cli import frame

        environment = frame.prepare()
        self.server = frame.open_database(environment, share=False)
        import django

        django.setup()
        from brigade.config import upgrading
        from brigade.config.serving import supervisor

        upgrading.ready_or_first_state("bench")
        supervisor.prepare(environment)

    def close(self) -> None:
        """Stop the database and remove everything."""
        from django.db import connections

        connections.close_all()
        if self.server is not None:
            self.server.stop(wait_for_others=1)
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the connection string of a database of this place."""
        return self.folder.url.replace(f"dbname={NAME}", f"dbname={database}")

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """Return a connection in autocommit."""
        return psycopg.connect(self.url(database), autocommit=True)

    def copy(self, name: str, source: str) -> None:
        """Make the database `name` as a copy of `source`, to which nobody may be connected."""
        self.drop(name)
        with self.connect("postgres") as admin:
            admin.execute(f"create database {name} template {source} strategy file_copy")

    def drop(self, name: str) -> None:
        """Remove a database with everybody who is still connected to it."""
        with self.connect("postgres") as admin:
            admin.execute(f"drop database if exists {name} with (force)")

    @contextmanager
    def fresh(self, source: str = TEMPLATE) -> Iterator[str]:
        """Lend a database that nobody has written to yet; yields its name."""
        name = "measured"
        self.copy(name, source)
        try:
            yield name
        finally:
            self.drop(name)

    def program(self, name: str) -> Path | None:
        """Return a program of PostgreSQL, of the server's own version where it has it."""
        if self.server is not None:
            own = Path(self.server.binaries.program(name))
            if own.is_file():
                return own
        found = shutil.which(name)
        return Path(found) if found else None

    def libpq(self) -> list[str]:
        """Return how a program of PostgreSQL is told where the server is."""
        return ["-h", str(self.folder.socket_folder), "-p", str(PORT), "-U", NAME]


@contextmanager
def django_on(database: str) -> Iterator[None]:
    """Let this process's own Django speak to another database of the place."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
