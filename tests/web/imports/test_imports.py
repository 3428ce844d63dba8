"""Imports on pages: give a file, look, let it run, read what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from brigade.integrations.logs.models import ImportRun
from brigade.jobs.imports import import_log
from brigade.kernel import instants
from brigade.kernel.outbox import heartbeat
from brigade.kernel.records.models import Record
from tests.cast import Cast

pytestmark = pytest.mark.django_db

BROKEN = (Path(__file__).parents[2] / "integrations/logs/data/broken.csv").read_bytes()
MAP = """
map: ours
title: Our old help desk
source: ours
zone: Europe/Vienna
dates: ["%Y-%m-%d %H:%M"]
rows: {case: ticket, at: when, actor: who}
state:
  column: status
  values: {open: new, work: active, done: resolved}
record: {title: "{subject}"}
"""
LOG = b"ticket,when,status,who,subject\n1,2026-01-05 09:12,open,anna,Printer\n"


def upload(client: Any, content: bytes = BROKEN, **more: Any) -> Any:
    given = {"file": SimpleUploadedFile("steps.csv", content), "map": "italian_helpdesk"}
    return client.post("/imports", given | more)


@pytest.fixture
def run(signed_in: Any, desk: Cast) -> ImportRun:
    answer = upload(signed_in(desk.ada))
    assert answer.status_code == 302
    made = ImportRun.objects.get()
    assert answer["Location"] == f"/imports/{made.pk}"
    return made


@pytest.mark.parametrize("who", ["eve", "sam", "lena", "petra", "bert", "carl", "olga"])
def test_it_is_closed_to(signed_in: Any, desk: Cast, run: ImportRun, who: str) -> None:
    client = signed_in(getattr(desk, who))
    for path in ("", "/new", f"/{run.pk}", f"/{run.pk}/progress", f"/{run.pk}/problems.csv"):
        assert client.get(f"/imports{path}").status_code == 403
    assert upload(client).status_code == 403
    for verb in ("runs", "discard"):
        assert client.post(f"/imports/{run.pk}/{verb}").status_code == 403


def test_an_auditor_reads_and_starts_nothing(signed_in: Any, desk: Cast, run: ImportRun) -> None:
    client = signed_in(desk.audrey)
    assert "steps.csv" in client.get("/imports").content.decode()
    assert "An administrator has to look" in client.get(f"/imports/{run.pk}").content.decode()
    assert client.get("/imports/new").status_code == 403
    assert upload(client).status_code == 403
    assert client.post(f"/imports/{run.pk}/runs").status_code == 403


def test_one_sees_what_would_happen_first(signed_in: Any, desk: Cast, run: ImportRun) -> None:
    html = signed_in(desk.ada).get(f"/imports/{run.pk}").content.decode()
    assert "would write 5 entries" in html
    assert "yesterday" in html and "not taken" in html
    assert not Record.objects.exists()


def test_it_runs_in_the_worker_and_says_how_far_it_is(
    signed_in: Any, desk: Cast, run: ImportRun
) -> None:
    client = signed_in(desk.ada)
    for _twice in range(2):
        assert client.post(f"/imports/{run.pk}/runs").status_code == 302
    html = client.get(f"/imports/{run.pk}").content.decode()
    assert 'hx-trigger="every 2s"' in html and "No worker is running." in html
    now = instants.now()
    heartbeat.beat("one", started_at=now, at=now, outbox_at=now)
    part = client.get(f"/imports/{run.pk}/progress").content.decode()
    assert "A worker takes it up" in part and "No worker" not in part and "<html" not in part
    assert client.post(f"/imports/{run.pk}/discard").status_code == 409
    assert "In the queue" in client.get("/imports").content.decode()


def test_its_result_names_every_problem(signed_in: Any, desk: Cast, run: ImportRun) -> None:
    client = signed_in(desk.ada)
    import_log(run.pk)
    assert client.get(f"/imports/{run.pk}/progress")["HX-Refresh"] == "true"
    html = client.get(f"/imports/{run.pk}").content.decode()
    assert "Of 9 rows, 5 became entries, 0 were here already and 4 could not be taken." in html
    assert html.count("not taken") >= 4
    table = client.get(f"/imports/{run.pk}/problems.csv").content.decode()
    assert table.startswith("line,column,value,taken,code,message")
    assert len(table.splitlines()) == 1 + run.lines.count()
    assert client.post(f"/imports/{run.pk}/runs").status_code == 409


def test_problems_go_on_by_page(
    signed_in: Any, desk: Cast, run: ImportRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_log(run.pk)
    for module in ("brigade.integrations.logs.queries", "brigade.web.imports.run"):
        monkeypatch.setattr(f"{module}.LINES_A_PAGE", 2)
    client = signed_in(desk.ada)
    first = client.get(f"/imports/{run.pk}").content.decode()
    after = first.split('href="?after=')[1].split('"')[0]
    second = client.get(f"/imports/{run.pk}?after={after}").content.decode()
    assert "Back to the start" in second
    assert client.get(f"/imports/{run.pk}?after=x.y").status_code == 200


def test_a_file_that_nobody_wants_is_thrown_away(
    signed_in: Any, desk: Cast, run: ImportRun
) -> None:
    client = signed_in(desk.ada)
    assert client.post(f"/imports/{run.pk}/discard")["Location"] == "/imports"
    assert not ImportRun.objects.exists() and not Path(run.path).exists()
    assert client.get(f"/imports/{run.pk}").status_code == 404
    assert "Nothing has been imported." in client.get("/imports").content.decode()


def test_a_map_of_ones_own(signed_in: Any, desk: Cast) -> None:
    client = signed_in(desk.ada)
    answer = upload(client, LOG, map="own", map_text=MAP)
    assert "would write 1 entry." in client.get(answer["Location"]).content.decode()
    file = SimpleUploadedFile("ours.yaml", MAP.encode())
    assert upload(client, LOG, map="own", map_file=file).status_code == 302


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"file": ""}, "Choose the file"),
        ({"map": ""}, "Choose the map"),
        ({"map": "giraffe"}, "Choose the map"),
        ({"map": "own"}, "Write the map"),
        ({"map": "own", "map_text": "map: [1"}, "Line "),
        ({"map": "own", "map_text": "map: ours"}, "Line 1"),
        ({"content": b""}, "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_form(
    signed_in: Any, desk: Cast, given: dict[str, Any], words: str
) -> None:
    answer = upload(signed_in(desk.ada), **given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in html and words in html
    assert not ImportRun.objects.exists()


def test_the_list_costs_the_same_however_many(
    signed_in: Any, desk: Cast, django_assert_max_num_queries: Any
) -> None:
    def runs(amount: int) -> None:
        for number in range(amount):
            ImportRun.objects.create(
                file_name=f"{number}.csv", path="/nowhere", sha256="", source="s", kind="incident",
                map_name="m", map={}, by=desk.ada, made_at=instants.now(), state="finished",
            )  # fmt: skip

    client = signed_in(desk.ada)
    runs(10)
    with django_assert_max_num_queries(12) as few:
        client.get("/imports")
    runs(190)
    with django_assert_max_num_queries(12) as many:
        html = client.get("/imports").content.decode()
    assert len(few) == len(many) and "?before=" in html
