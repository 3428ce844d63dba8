"""What every test stands on: one embedded PostgreSQL per test process, started when needed."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from brigade.config.database import Server, django_database, ensure

pytest_plugins = ["tests.cast", "tests.web.browser"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs the public data sets, unless BRIGADE_TEST_DATA names their folder."""
    if not os.environ.get("BRIGADE_TEST_DATA"):
        wanting = [item for item in items if item.get_closest_marker("real_data")]
        config.hook.pytest_deselected(items=wanting)
        items[:] = [item for item in items if item not in wanting]


def pytest_collection_finish() -> None:
    """Leave what is there by now alone: else it is looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the public data sets."""
    return Path(os.environ["BRIGADE_TEST_DATA"])


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    """A running, empty PostgreSQL of this test process (safety traded for speed).

    BRIGADE_TEST_POSTGRES names a folder of programs to use instead of the first
    found, so that the whole suite can be run on PostgreSQL 15.
    """
    home = Path(tempfile.mkdtemp(prefix="brigade-test-"))
    forced = os.environ.get("BRIGADE_TEST_POSTGRES")
    server = ensure(home, binaries=Path(forced) if forced else None, throwaway=True)
    yield server
    server.stop(wait_for_others=0)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, database_server: Server
) -> None:
    """Point Django at the test's own server before pytest-django makes the database."""
    found = django_database(database_server.url)
    settings.DATABASES["default"].update(
        {key: found[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    )


MIGRATED = "migrated"
"""A database of the test's server as the migrations leave it, for others to be copied from."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, database_server: Server
) -> None:
    """Keep a copy of the database as it is now, then let tests that commit empty their tables.

    Only TRUNCATE is let through, for them.
    """
    from django.db import connection

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()
        with psycopg.connect(database_server.url, dbname="postgres", autocommit=True) as admin:
            admin.execute(f"create database {MIGRATED} template {connection.settings_dict['NAME']}")
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        for table, trigger in (
            ("records_journalentry", "journal_refuses_truncate"),
            ("records_seal", "seal_refuses_truncate"),
            ("records_seal_head", "seal_head_refuses_truncate"),
        ):
            cursor.execute(f"alter table {table} disable trigger {trigger}")


@pytest.fixture(autouse=True)
def numbers_begin_anew(
    request: pytest.FixtureRequest, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """Let the first record of every test be number 10001, also after a test that committed."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (
        marker is not None and marker.kwargs.get("transaction")
    )
    yield
    if commits:
        from django.db import connection

        from brigade.kernel.records import writes

        with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(
                "select quote_ident(sequencename) from pg_sequences"
                " where sequencename like 'records_number_%'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"drop sequence {name}")
        writes._sequences.clear()
