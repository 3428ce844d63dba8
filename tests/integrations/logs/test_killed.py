"""An import whose process is killed leaves whole chunks, and the next run completes it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.conftest import MIGRATED
from tests.jobs.conftest import ROOT, Databases, databases

__all__ = ["databases"]
CASES, STEPS = 3000, ("Insert ticket", "Take in charge ticket", "Wait", "Resolve ticket", "Closed")
COUNTS = """
select (select count(*) from records_journalentry
        where origin = 'import' and record_id is not null),
    (select count(*) from records_record),
    (select count(*) from records_record r where r.entries <> (
        select count(*) from records_journalentry e where e.record_id = r.id)),
    (select count(*) from records_record where entries <> 5)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of 15,000 steps: three chunks of whole cases."""
    lines = ["case_id,activity,resource,timestamp"]
    for case in range(CASES):
        for hour, step in enumerate(STEPS):
            lines.append(
                f"{case},{step},Worker {case % 40},2024-01-{case % 28 + 1:02}T{hour:02}:00:00"
            )
    file = tmp_path / "steps.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


COMMAND = (sys.executable, "-m", "brigade.config.cli")


def start(log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, "import", "log", str(log), "--map", "italian_helpdesk", "--json"],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def test_a_killed_import_is_completed_by_running_it_again(databases: Databases, log: Path) -> None:
    environment, conninfo = databases.make("logs_killed", like=MIGRATED)
    subprocess.run([*COMMAND, "migrate"], check=True, env=environment, cwd=ROOT)
    first = start(log, environment)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        until = time.monotonic() + 120
        while time.monotonic() < until and first.poll() is None:
            if connection.execute(COUNTS).fetchone()[0]:  # type: ignore[index]
                break
            time.sleep(0.005)
        first.send_signal(signal.SIGKILL)
        first.wait()
        entries, records, torn, short = connection.execute(COUNTS).fetchone()  # type: ignore[misc]
        assert 0 < entries < CASES * len(STEPS)
        assert (entries, torn, short) == (records * len(STEPS), 0, 0)
        second = start(log, environment)
        report = json.loads(second.communicate(timeout=300)[0])
        assert second.returncode == 0
        assert report["entries_made"] == report["rows"] == CASES * len(STEPS)
        assert connection.execute(COUNTS).fetchone() == (CASES * len(STEPS), CASES, 0, 0)
        assert connection.execute("select count(*) from logs_importrun").fetchone() == (1,)
    asked = [
        *COMMAND,
        "report",
        "incidents",
        "--json",
        "--from",
        "2024-01-02",
        "--to",
        "2024-01-02",
    ]
    said = subprocess.run(asked, check=True, env=environment, cwd=ROOT, capture_output=True)
    figures = json.loads(said.stdout)["figures"]
    assert figures["incidents"] == len([case for case in range(CASES) if case % 28 == 1])
    assert figures["opened_per_month"] == {"2024-01": figures["incidents"]}
