"""`brigade clocks` as somebody types it, after an import."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from brigade.config.database import ensure
from tests.config.conftest import Brigade

LOG = Path(__file__).parents[1] / "integrations/logs/data/vinst.csv"


@pytest.fixture(scope="module")
def imported(installed: Brigade) -> Iterator[Brigade]:
    """A log that is in, and a database that runs: else each command starts and stops its own."""
    server = ensure(installed.home)
    installed.json("import", "log", str(LOG), "--map", "vinst_log")
    yield installed
    server.stop(wait_for_others=1)


def test_the_export_has_one_row_for_each_case(imported: Brigade) -> None:
    then = imported.json("clocks", "export", "--as-of", "last-entry")
    assert then["as_of"] == "last-entry"
    rows = {row["source_id"]: row for row in then["rows"]}
    assert set(rows) == {"V1", "V2", "V3", "V4"}
    first = rows["V1"]
    assert (first["clock"], first["source"], first["state"]) == ("lifetime", "vinst", "running")
    assert (first["running_seconds"], first["paused_seconds"]) == (131_410, 2_604_600)
    now = imported.json("clocks", "export")
    assert now["rows"] == then["rows"]
    assert imported.json("clocks", "export", "--source", "elsewhere")["rows"] == []
    early = imported.json("clocks", "export", "--as-of", "2024-03-01T08:20:00Z")
    assert [(row["source_id"], row["running_seconds"]) for row in early["rows"]] == [("V1", 1200)]
    assert "lifetime running: ran 131410 s" in imported.run("clocks", "export").stdout


def test_an_explanation_accounts_for_every_stretch_in_the_readers_zone(imported: Brigade) -> None:
    record = imported.json("clocks", "export")["rows"][0]["record"]
    told = imported.json("clocks", "explain", record, "--zone", "Europe/Rome")
    (clock,) = told["clocks"]
    assert clock["as_stored"] is True
    assert [line["counted"] for line in clock["stretches"]] == [True, False, False, True]
    assert clock["stretches"][1]["reason"] == "Wait - User"
    assert clock["stretches"][0]["begin"] == "2024-03-01T09:00:00+01:00"
    assert clock["stretches"][-1]["end"] == "2024-04-02T02:00:10+02:00"
    said = imported.run("clocks", "explain", record, "--zone", "Europe/Rome").stdout
    assert "0:30:00 counted\n" in said
    assert "722:30:00 not counted, paused (Wait - Vendor)" in said


def test_running_clocks_are_recomputed(imported: Brigade) -> None:
    done = imported.json("clocks", "recompute", "--dry-run", "--calendar", "always")
    assert done == {"records": 4, "moved": 0, "newly_over": 0, "left": 0, "dry_run": True}
    said = imported.run("clocks", "recompute").stdout
    assert said == "4 records with running clocks, 0 moved, 0 over time by it.\n"


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("explain", "INC-1"), "no_such_record", 4),
        (("explain", "INC-10001", "--zone", "Europe/Atlantis"), "bad_zone", 2),
        (("explain", "INC-10001", "--as", "nobody@example.org"), "no_such_person", 4),
        (("export", "--as-of", "2024-03-01T08:20:00"), "bad_instant", 2),
        (("export", "--as-of", "yesterday"), "bad_instant", 2),
        (("recompute", "--target", "incident.restart"), "no_such_target", 4),
        (("recompute", "--calendar", "nowhere"), "no_calendar", 4),
    ],
)
def test_what_is_not_there_is_refused(
    imported: Brigade, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    done = imported.run("clocks", *words, "--json")
    assert (done.returncode, json.loads(done.stdout)["code"]) == (exit_code, code)
