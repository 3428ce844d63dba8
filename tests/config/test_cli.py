"""The command line as somebody types it."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from brigade.config.cli import table
from brigade.config.database import embedded_url, ensure
from tests.config.conftest import SYSTEM_15, Brigade


@contextmanager
def running(home: Path) -> Iterator[psycopg.Connection[Any]]:
    """The database of a home, started for as long as it is looked at."""
    server = ensure(home)
    try:
        with psycopg.connect(embedded_url(home)) as connection:
            yield connection
    finally:
        server.stop()


def test_a_fresh_home_is_usable_without_a_question(installed: Brigade) -> None:
    again = installed.json("migrate")
    assert again["applied"] == []
    assert again["adopted"] == []
    assert installed.home.stat().st_mode & 0o777 == 0o700
    assert (installed.home / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", [*table.COMMANDS, *table.HIDDEN])
def test_every_command_of_the_table_exists_and_explains_itself(name: str) -> None:
    module = importlib.import_module(f"brigade.config.cli.{name}")
    command = getattr(module, "command", None) or getattr(module, "app", None)
    assert command is not None
    assert module.__doc__


def test_a_refusal_is_a_line_an_exit_code_and_with_json_a_problem(installed: Brigade) -> None:
    plain = installed.run("restore", "/nothing/here.tar")
    assert (plain.returncode, plain.stdout) == (2, "")
    assert plain.stderr.startswith("not_a_backup: ")
    asked = installed.run("restore", "/nothing/here.tar", "--json")
    problem = json.loads(asked.stdout)
    assert (asked.returncode, problem["status"], problem["code"]) == (2, 422, "not_a_backup")


def test_a_slip_in_the_command_is_json_too(installed: Brigade) -> None:
    done = installed.run("backup", "--nonsense", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["code"] == "usage"


def test_a_wrong_setting_stops_every_command(installed: Brigade) -> None:
    done = installed.run("doctor", BRIGADE_WEB_PORT="eighty")
    assert done.returncode == 2
    assert "BRIGADE_WEB_PORT" in done.stderr


def test_the_first_administrator_is_made_once(installed: Brigade) -> None:
    words = ("createadmin", "--email", "Ada@example.org", "--name", "Ada Admin")
    missing = installed.run(*words)
    assert missing.returncode == 2
    assert "BRIGADE_ADMIN_PASSWORD" in missing.stderr
    made = installed.json(*words, BRIGADE_ADMIN_PASSWORD="correct horse battery")
    assert made["email"] == "ada@example.org"
    again = installed.run(*words, BRIGADE_ADMIN_PASSWORD="correct horse battery")
    assert again.returncode == 5
    assert "administrator_exists" in again.stderr


def test_doctor_says_what_to_do(installed: Brigade) -> None:
    done = installed.run("doctor", "--json")
    said = json.loads(done.stdout)
    found = {each["about"]: each for each in said["findings"]}
    assert done.returncode == 1
    assert said["well"] is False
    assert {"database", "migrations", "worker", "mail", "disk", "clock", "home"} <= set(found)
    assert found["worker"]["state"] == "bad"
    assert "brigade serve" in found["worker"]["advice"]
    assert all(each["advice"] for each in found.values() if each["state"] != "good")


def test_doctor_of_a_database_that_does_not_answer(installed: Brigade) -> None:
    done = installed.run("doctor", "--json", DATABASE_URL="postgresql://127.0.0.1:1/nowhere")
    said = json.loads(done.stdout)
    assert [each["about"] for each in said["findings"]] == ["database"]
    assert done.returncode == 1


def test_a_backup_fills_an_empty_home_and_nothing_else(installed: Brigade, tmp_path: Path) -> None:
    name = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    stored = installed.home / "files" / "2c" / name
    stored.parent.mkdir(parents=True)
    stored.write_text("hello")
    target = tmp_path / "backup.tar"
    made = installed.json("backup", str(target))
    assert (made["files"], target.stat().st_mode & 0o777) == (1, 0o600)

    other = Brigade(tmp_path / "other")
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(target.read_bytes().replace(b"hello", b"hullo"))
    refused = other.run("restore", str(damaged))
    assert refused.returncode == 2
    assert "is damaged" in refused.stderr

    done = other.json("restore", str(target))
    assert done["files"] == 1
    assert (other.home / "files" / "2c" / name).read_text() == "hello"
    assert other.json("migrate")["applied"] == []
    assert other.run("restore", str(target)).returncode == 5


def test_a_backup_taken_at_work_is_whole_elsewhere(installed: Brigade, tmp_path: Path) -> None:
    """Jobs name the workers that have them, also in the moment of the backup."""
    with running(installed.home) as database:
        worker = database.execute(
            "insert into procrastinate_workers default values returning id"
        ).fetchone()
        assert worker is not None
        database.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, worker_id)"
            " values ('upkeep', 'seal_journal', 'doing', %s)",
            worker,
        )
    target = tmp_path / "at-work.tar"
    installed.json("backup", str(target))
    before = installed.json("audit", "verify")

    other = Brigade(tmp_path / "other")
    other.json("restore", str(target))

    after = other.json("audit", "verify")
    assert after["holds"]
    assert after == before


@pytest.mark.postgres15
@pytest.mark.skipif(not SYSTEM_15.is_dir(), reason="no PostgreSQL 15 installed")
def test_a_whole_installation_runs_on_postgresql_15_and_moves_on_to_the_first_found(
    tmp_path: Path,
) -> None:
    """Its SQL is written for 15: migrate, examine and back up there, then restore."""
    old, new, target = Brigade(tmp_path / "old"), Brigade(tmp_path / "new"), tmp_path / "backup.tar"
    made = old.json("migrate", BRIGADE_POSTGRES_BIN=str(SYSTEM_15))
    assert made["adopted"] == ["incident"]
    found = {
        each["about"]: each["found"]
        for each in json.loads(old.run("doctor", "--json").stdout)["findings"]
    }
    assert "PostgreSQL 15" in found["database"]
    old.json("backup", str(target))
    assert new.json("restore", str(target))["applied"] == []
