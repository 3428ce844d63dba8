"""Running pg_dump and pg_restore against the installation's database."""

from __future__ import annotations

import os
import subprocess
from collections import deque
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from brigade.config.database import embedded_url
from brigade.config.database.binaries import Binaries, installed
from brigade.kernel.refused import Refused

WITHOUT_DATA = ("django_session",)
"""Tables whose rows mean nothing elsewhere. Workers stay: jobs refer to them, and a job of a worker
that is no more is handed on by the reaper."""


def dump(target: Path, step: Callable[[], None]) -> None:
    """Write one consistent state of the database to `target`; `step` is called for each table."""
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    command += [f"--exclude-table-data={table}" for table in WITHOUT_DATA]
    command += ["--verbose", "--file", str(target)]
    _run(command, step, "dumping contents of table")


def load(source: Path, step: Callable[[], None]) -> None:
    """Fill the empty database from `source`, all of it or nothing."""
    command = [_program("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error"]
    command += ["--single-transaction", "--verbose", str(source)]
    _run(command, step, "processing data for table")


def server_major() -> int:
    """Return the major version of the database server."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def table_count() -> int:
    """Return how many tables there are, for the progress."""
    with connection.cursor() as cursor:
        return len(connection.introspection.table_names(cursor))


def _program(name: str) -> str:
    major = server_major()
    forced = settings.BRIGADE.postgres_bin
    if forced is not None:
        return str(forced / name)
    usable = [each for each in installed() if each.major >= major and _has(each, name)]
    if not usable:
        raise Refused(
            "no_pg_dump",
            f"{name} of PostgreSQL {major} or newer is needed and was not found. Install the "
            "PostgreSQL client programs, or name their folder with BRIGADE_POSTGRES_BIN.",
        )
    return min(usable, key=lambda each: each.major).program(name)


def _has(binaries: Binaries, name: str) -> bool:
    return os.access(binaries.program(name), os.X_OK)


def _run(command: list[str], step: Callable[[], None], sign: str) -> None:
    # A password stays out of the argument list, which every user can read.
    environment = settings.BRIGADE
    parts = conninfo_to_dict(environment.database_url or embedded_url(environment.home))
    password = parts.pop("password", None)
    variables = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    where = ["--dbname", make_conninfo("", **parts)]
    tail: deque[str] = deque(maxlen=6)
    with subprocess.Popen(
        [command[0], *where, *command[1:]], stderr=subprocess.PIPE, text=True, env=variables
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            tail.append(line.strip())
            if sign in line:
                step()
    if process.returncode != 0:
        raise Refused(
            "backup_program",
            f"{Path(command[0]).name} failed. Its last words:\n  " + "\n  ".join(tail),
        )
