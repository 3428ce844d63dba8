"""The map that the guide writes works on the log that the guide shows."""

from __future__ import annotations

import re
from pathlib import Path

from brigade.integrations.logs.actions import run_import, start_import
from brigade.integrations.logs.map_file import read_map
from brigade.kernel.parties.models import Person
from brigade.kernel.records.models import Record

GUIDE = Path(__file__).parents[3] / "docs/guides/importing-a-log.md"


def block(kind: str, text: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_map_of_the_guide_imports_the_log_of_the_guide(console: Person, tmp_path: Path) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    file = tmp_path / "export.csv"
    file.write_text(block("text", text))
    run = start_import(file, read_map(block("yaml", text)), by=console)
    report = run_import(run.pk)
    assert (report.rows, report.entries_made, report.findings) == (4, 4, ())
    record = Record.objects.get(source_id="4711")
    assert (record.state, record.priority, record.title) == (
        "resolved", 2, "Printer prints blank pages",
    )  # fmt: skip
    assert record.opened_at.isoformat() == "2026-01-05T08:12:00+00:00"
