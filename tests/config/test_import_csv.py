"""`brigade import people` and its kin on the command line, up to the exit code."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
from typer.testing import CliRunner

from brigade.config.cli import export, import_csv
from brigade.kernel.parties.actions import operator
from brigade.kernel.parties.models import Person
from brigade.kernel.records.models import JournalEntry

GOOD = b"name;email\nZo\xeb;zoe@x.example\n"


@pytest.fixture
def run(db: None, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    @contextmanager
    def opened() -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(operator=operator("Console"), os_user="pat")

    monkeypatch.setattr(import_csv, "installation", opened)
    monkeypatch.setattr(export, "installation", opened)
    return CliRunner()


app = importlib.import_module("brigade.config.cli.import").app


def test_people_come_in_from_a_file_in_the_name_of_who_typed(
    run: CliRunner, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(GOOD)
    done = run.invoke(app, ["people", str(file), "--json"])
    assert done.exit_code == 0, done.output
    report = orjson.loads(done.stdout)
    assert (report["created"], report["errors"], len(report["notes"])) == (1, [], 1)
    zoe = Person.objects.get(email="zoe@x.example")
    entry = JournalEntry.objects.get(subject_type="person", subject_id=zoe.pk)
    assert (entry.os_user, entry.origin) == ("pat", "import")
    out = tmp_path / "out.csv"
    assert run.invoke(export.app, ["people", str(out)]).exit_code == 0
    again = run.invoke(app, ["people", str(out)])
    assert "1 unchanged" in again.stdout


def test_a_dry_run_keeps_nothing(run: CliRunner, tmp_path: Path) -> None:
    done = run.invoke(app, ["people", "-", "--dry-run"], input=GOOD)
    assert done.exit_code == 0 and "Would be 1 created" in done.stdout
    assert not Person.objects.filter(email="zoe@x.example").exists()


def test_a_wrong_line_is_told_and_the_exit_code_says_so(run: CliRunner) -> None:
    done = run.invoke(app, ["people", "-"], input=b"name,email\nA,nonsense\n")
    assert done.exit_code == 1
    assert "Line 2, email" in done.stdout and "Nothing was written" in done.stdout


@pytest.mark.parametrize("what", ["people", "teams", "organisations", "services", "offerings"])
def test_every_word_reads_a_file_and_writes_one(run: CliRunner, what: str) -> None:
    written = run.invoke(export.app, [what])
    assert written.exit_code == 0
    back = run.invoke(app, [what, "-"], input=written.stdout_bytes)
    assert back.exit_code == 0, back.output
