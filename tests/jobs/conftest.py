"""A database of its own, for processes that live and die beside the test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import psycopg.conninfo
import pytest

from brigade.config.database import Server
from tests.conftest import MIGRATED

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("worker_to_kill.py")


def conninfo_of(server: Server, database: str) -> str:
    """The connection string of one database of the test's server."""
    return psycopg.conninfo.make_conninfo(server.url, dbname=database)


def environment_for(conninfo: str, home: Path) -> dict[str, str]:
    """The environment of a process that works on one database, whoever started the test."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("BRIGADE_")}
    path = [str(ROOT / "src"), str(ROOT)]
    return kept | {
        "DJANGO_SETTINGS_MODULE": "brigade.config.settings",
        "DATABASE_URL": conninfo,
        "BRIGADE_HOME": str(home),
        "PYTHONPATH": os.pathsep.join(path),
    }


class Databases:
    """Databases of the test's server, each with an environment for processes."""

    def __init__(self, server: Server, home: Path) -> None:
        self.server = server
        self.home = home

    def make(self, name: str, *, like: str = "template1") -> tuple[dict[str, str], str]:
        """Make `name` anew as a copy of `like`; gives an environment and a conninfo."""
        there = conninfo_of(self.server, "postgres")
        with psycopg.connect(there, autocommit=True) as connection:
            connection.execute(f"drop database if exists {name} with (force)")
            connection.execute(f"create database {name} template {like}")
        conninfo = conninfo_of(self.server, name)
        return environment_for(conninfo, self.home), conninfo


@pytest.fixture(scope="session")
def databases(
    database_server: Server, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """A migrated database and one with messages in it, for others to be copied from."""
    made = Databases(database_server, tmp_path_factory.mktemp("home"))
    environment, _conninfo = made.make("jobs_seeded", like=MIGRATED)
    subprocess.run([sys.executable, WORKER, "seed"], check=True, env=environment, cwd=ROOT)
    return made


@pytest.fixture
def own_database(databases: Databases) -> tuple[dict[str, str], str]:
    """An environment for processes and a conninfo for the test, of an empty database."""
    return databases.make("jobs_own", like=MIGRATED)


@pytest.fixture
def seeded_database(databases: Databases) -> tuple[dict[str, str], str]:
    """The same, with three mails and two notices queued."""
    return databases.make("jobs_own", like="jobs_seeded")
