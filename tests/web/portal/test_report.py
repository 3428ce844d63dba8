"""Reporting a problem: once, with its files, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from brigade.kernel.records.files import size_limit
from brigade.kernel.records.models import File, Record
from brigade.kernel.services.actions import add_service
from brigade.kernel.work.drafts import draft_of
from brigade.web.portal.report import DRAFT
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WELL = {"title": "Printer is on fire", "description": "Since nine.", "still_works": "no",
        "affected": "4", "service": "", "key": "one"}  # fmt: skip


def picture(name: str = "smoke.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n and more")


def test_only_people_signed_in_may(client: Client) -> None:
    assert client.get("/help/report").status_code == 302
    assert client.post("/help/report", WELL).status_code == 302
    assert not Record.objects.exists()


def test_a_report_becomes_a_record_with_its_files(client: Client, desk: Cast) -> None:
    client.force_login(desk.eve)
    answer = client.post(
        "/help/report",
        {**WELL, "service": desk.erp.pk, "files": [picture(), picture("again.png")]},
    )
    assert answer["Location"] == "/requests/INC-10001"
    record = Record.objects.get()
    assert (record.requester_id, record.channel, record.priority) == (desk.eve.pk, "portal", 2)
    assert (record.service_id, record.data["affected_users"]) == (desk.erp.pk, 4)
    assert [file.visibility for file in File.objects.filter(record=record)] == ["public"] * 2
    html = client.get(answer["Location"]).content.decode()
    assert "Sent. Its number is INC-10001." in html
    assert "smoke.png" in html


def test_sent_twice_it_is_one(client: Client, desk: Cast) -> None:
    client.force_login(desk.eve)
    first = client.post("/help/report", {**WELL, "files": [picture()]})
    second = client.post("/help/report", {**WELL, "files": [picture()]})
    assert first["Location"] == second["Location"]
    assert Record.objects.count() == 1
    other = client.post("/help/report", {**WELL, "title": "Something else"})
    assert other.status_code == 422
    assert "You sent this form before." in other.content.decode()
    key = re.search(r'name="key" value="([^"]+)"', other.content.decode())
    assert key
    client.post("/help/report", {**WELL, "title": "Something else", "key": key[1]})
    assert Record.objects.count() == 2


def test_every_problem_is_told_at_once(client: Client, desk: Cast) -> None:
    client.force_login(desk.eve)
    answer = client.post("/help/report", {"description": "kept words", "affected": "many",
                                          "service": "999999", "files": [picture()]})  # fmt: skip
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in html
    for link in ("#title", "#still_works", "#affected", "#service", "#files"):
        assert f'href="{link}"' in html
    assert "kept words" in html
    assert "Choose your files again, they were not kept: smoke.png." in html
    assert not Record.objects.exists()


def test_a_file_that_is_not_taken_stops_all_of_it(client: Client, desk: Cast) -> None:
    client.force_login(desk.eve)
    bad = SimpleUploadedFile("run.exe", b"MZ")
    answer = client.post("/help/report", {**WELL, "files": [picture(), bad]})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "run.exe: Files of this type are not taken." in html
    assert "smoke.png, run.exe" in html
    assert not Record.objects.exists() and not File.objects.exists()
    many = [picture(f"{number}.png") for number in range(11)]
    answer = client.post("/help/report", {**WELL, "files": many})
    assert "At most 10 files at once." in answer.content.decode()


def test_what_may_be_attached_is_said_before(client: Client, desk: Cast) -> None:
    client.force_login(desk.eve)
    html = client.get("/help/report").content.decode()
    assert 'accept=".pdf,.png' in html
    assert f"up to {size_limit() >> 20} MB each, at most 10 files" in html


def test_services_of_others_can_be_neither_seen_nor_chosen(client: Client, desk: Cast) -> None:
    client.force_login(desk.eve)
    html = client.get("/help/report").content.decode()
    assert "ERP Finance" in html and ">POS<" not in html and ">Hosting<" not in html
    answer = client.post("/help/report", {**WELL, "service": desk.services["pos"].pk})
    assert answer.status_code == 422
    assert "Choose one from the list" in answer.content.decode()


def test_without_services_it_does_not_ask_for_one(client: Client, desk: Cast) -> None:
    client.force_login(desk.bert)
    assert "Which service is it?" not in client.get("/help/report").content.decode()


def test_many_services_are_looked_for(client: Client, desk: Cast) -> None:
    for number in range(14):
        add_service(code=f"s-{number}", name=f"Service {number:02}", state="live",
                    customers=[desk.finance], by=desk.operator)  # fmt: skip
    client.force_login(desk.eve)
    assert "data-picker" in client.get("/help/report").content.decode()
    found = client.get("/help/report/services?q=service 03").content.decode()
    assert "Service 03" in found and "Service 04" not in found
    assert "POS" not in client.get("/help/report/services?q=pos").content.decode()
    client.post("/help/report", {**WELL, "service_text": "service 03"})
    assert Record.objects.get().service.name == "Service 03"  # type: ignore[union-attr]


def test_a_draft_is_kept_restored_and_gone_once_sent(client: Client, desk: Cast) -> None:
    client.force_login(desk.eve)
    answer = client.post("/help/report/draft", {"title": "Half", "still_works": "no"})
    assert answer.content.decode().startswith("Draft saved ")
    html = client.get("/help/report").content.decode()
    assert 'value="Half"' in html
    assert re.search(r'value="no" checked', html)
    other = client.get("/help/report?q=quite+another").content.decode()
    assert 'value="quite another"' in other and "unsent report" in other
    assert client.post("/help/report/draft", {"affected": "1"}).content == b""
    client.post("/help/report", {"title": "Half", "later": "1"})
    assert draft_of(DRAFT, by=desk.eve)[0]["title"] == "Half"
    client.post("/help/report", WELL)
    assert draft_of(DRAFT, by=desk.eve) == ({}, None)
    client.post("/help/report", {"title": "Half", "later": "1"})
    client.post("/help/report", {"discard": "1"})
    assert draft_of(DRAFT, by=desk.eve) == ({}, None)


def test_a_problem_that_is_back_starts_from_the_old_one(
    client: Client, desk: Cast, incident: Record
) -> None:
    client.force_login(desk.eve)
    html = client.get(f"/help/report?again={incident.number}").content.decode()
    assert "Ledger does not open" in html and "This happened before: INC-10001." in html
    client.force_login(desk.sid)
    assert client.get(f"/help/report?again={incident.number}").status_code == 404


def test_a_colleague_of_the_desk_reports_here_too(client: Client, desk: Cast) -> None:
    client.force_login(desk.sam)
    client.post("/help/report", WELL)
    assert Record.objects.get().requester_id == desk.sam.pk


def test_hostile_input_is_refused_not_broken(client: Client, desk: Cast) -> None:
    client.force_login(desk.eve)
    odd: list[dict[str, Any]] = [
        {"title": "x" * 400}, {"title": "nul\x00"}, {"affected": "9" * 40}, {"affected": "²"},
        {"service": "9" * 60}, {"description": "d" * 30_000}, {"key": "k" * 500},
    ]  # fmt: skip
    for change in odd:
        answer = client.post("/help/report", {**WELL, **change})
        assert answer.status_code in (302, 422), change
