"""An import from a page: kept, looked at, queued once, or thrown away."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from brigade.integrations.logs.map_file import load_map
from brigade.integrations.logs.models import ImportRun
from brigade.integrations.logs.queries import imports_visible_to, lines_of
from brigade.integrations.logs.uploading import (
    discard_import,
    preview_run,
    queue_import,
    upload_import,
)
from brigade.jobs.imports import import_log
from brigade.kernel.parties.models import Person
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from tests.cast import Cast
from tests.integrations.logs.conftest import DATA

STEPS = (DATA / "broken.csv").read_bytes()


def upload(by: Person, content: bytes = STEPS) -> ImportRun:
    return upload_import("steps.csv", io.BytesIO(content), load_map("italian_helpdesk"), by=by)


def test_an_upload_waits_until_somebody_looks_and_agrees(cast: Cast, console: Person) -> None:
    run = upload(cast.ada)
    report = preview_run(run, by=cast.ada)
    assert (report.file, report.entries_made, report.rejected) == ("steps.csv", 5, 4)
    assert not Record.objects.exists()
    queue_import(run, by=cast.ada)
    queue_import(run, by=cast.ada)
    assert [job.args for job in ProcrastinateJob.objects.all()] == [{"run_id": run.pk}]
    import_log(run.pk)
    run.refresh_from_db()
    assert (run.state, run.entries_made, run.rows) == (ImportRun.State.FINISHED, 5, 9)
    with pytest.raises(Refused, match="finished"):
        queue_import(run, by=cast.ada)


def test_who_sees_an_import_sees_its_lines_page_by_page(
    cast: Cast, console: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = upload(cast.ada)
    import_log(run.pk)
    assert list(imports_visible_to(cast.audrey)) == [run]
    assert not imports_visible_to(cast.sam).exists()
    monkeypatch.setattr("brigade.integrations.logs.queries.LINES_A_PAGE", 2)
    first = lines_of(run)
    second = lines_of(run, first[-1].after)
    assert [line.line for line in (*first, *second)] == [3, 4, 5, 6]
    assert "yesterday" in second[0].sentence


def test_a_discarded_import_leaves_no_file(cast: Cast, console: Person) -> None:
    run = upload(cast.ada)
    discard_import(run, by=cast.ada)
    assert not Path(run.path).exists()
    assert not ImportRun.objects.exists()
    begun = upload(cast.ada)
    import_log(begun.pk)
    begun.refresh_from_db()
    with pytest.raises(Refused, match="begun"):
        discard_import(begun, by=cast.ada)


def test_an_upload_is_refused_where_it_must_be(cast: Cast, console: Person) -> None:
    with pytest.raises(Invalid, match="empty"):
        upload(cast.ada, b"")
    with pytest.raises(NotPermitted):
        upload(cast.sam)
