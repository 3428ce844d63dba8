"""Logging an incident for somebody else, and the texts one answers with."""

from __future__ import annotations

import re
from typing import Any

import pytest

from brigade.kernel.records.models import Record
from brigade.kernel.work.replies import keep_reply, replies_for

pytestmark = pytest.mark.django_db

CALL = {"requester_text": "Eve Ledger", "title": "Printer is on fire", "channel": "phone"}


@pytest.fixture
def sam(signed_in: Any, desk: Any) -> Any:
    return signed_in(desk.sam)


def test_it_is_logged_for_somebody_else(sam: Any, desk: Any) -> None:
    form = {**CALL, "urgent": "on", "affected_users": "12", "service": desk.erp.pk}
    answer = sam.post("/new/incident", form, follow=True)
    record = Record.objects.get()
    assert (record.requester, record.opened_by, record.channel) == (desk.eve, desk.sam, "phone")
    assert (record.priority, record.data["affected_users"]) == (2, 12)
    assert f"{record.number} is logged." in answer.content.decode()


def test_sending_it_twice_logs_it_once(sam: Any, desk: Any) -> None:
    for _time in range(2):
        assert sam.post("/new/incident", {**CALL, "key": "k"})["Location"] == "/INC-10001"
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"requester_text": ""}, "requester"),
        ({"requester_text": "Desk"}, "requester"),
        ({"title": " "}, "title"),
        ({"service": "999999"}, "service"),
        ({"affected_users": "many"}, "affected_users"),
    ],
)
def test_a_mistake_is_said_at_its_field(sam: Any, change: dict[str, str], field: str) -> None:
    answer = sam.post("/new/incident", {**CALL, **change})
    text = answer.content.decode()
    assert answer.status_code == 422 and f'href="#{field}"' in text
    assert re.search(r"<title>\s*Error:", text)
    assert not Record.objects.exists()


def test_all_that_is_left_out_is_said_at_once(sam: Any) -> None:
    text = sam.post("/new/incident", {}).content.decode()
    assert 'href="#requester"' in text and 'href="#title"' in text


def test_what_follows_is_shown_before_it_is_sent(sam: Any, incident: Any) -> None:
    plain = sam.get("/new/incident/preview", {"title": "Ledger"}).content.decode()
    assert "Low" in plain and "Ledger does not open" in plain
    urgent = sam.get("/new/incident/preview", {"title": "x", "urgent": "on"}).content.decode()
    assert "High" in urgent


def test_employees_report_in_the_portal(signed_in: Any, desk: Any) -> None:
    eve = signed_in(desk.eve)
    assert eve.get("/new/incident").status_code == 302
    assert eve.post("/new/incident", CALL).status_code == 302
    assert eve.get("/new/incident/preview").status_code == 404
    assert not Record.objects.exists()


def test_an_auditor_logs_nothing_for_others(signed_in: Any, desk: Any) -> None:
    answer = signed_in(desk.audrey).post("/new/incident", CALL)
    assert answer.status_code in (403, 422) and not Record.objects.exists()


def test_people_are_picked_among_those_one_sees(signed_in: Any, sam: Any, desk: Any) -> None:
    found = sam.get("/pick/people", {"q": "led"}).content.decode()
    assert "Eve Ledger" in found and "Sid" not in found
    assert "Sam Desk" not in signed_in(desk.eve).get("/pick/people", {"q": "sam"}).content.decode()


def test_records_are_picked_among_those_one_sees(
    signed_in: Any, sam: Any, desk: Any, incident: Any
) -> None:
    assert incident.number in sam.get("/pick/records", {"q": "ledger"}).content.decode()
    sid = signed_in(desk.sid)
    assert incident.number not in sid.get("/pick/records", {"q": "ledger"}).content.decode()


def test_replies_are_kept_changed_and_thrown_away(sam: Any, desk: Any) -> None:
    team = desk.service_desk.pk
    assert "no canned replies" in sam.get("/replies").content.decode()
    form = {"name": "Model", "body": "Which model, {requester}?", "team": team}
    sam.post("/replies/new", form)
    reply = replies_for(desk.sam).get()
    assert sam.post(f"/replies/{reply.pk}", {**form, "body": ""}).status_code == 422
    sam.post(f"/replies/{reply.pk}", {**form, "name": "Which model"})
    assert "Which model" in sam.get("/replies").content.decode()
    sam.post(f"/replies/{reply.pk}/removal")
    assert not replies_for(desk.sam).exists()


def test_one_for_all_is_a_leads(signed_in: Any, sam: Any, desk: Any) -> None:
    form = {"name": "All", "body": "Hello", "team": ""}
    assert sam.post("/replies/new", form).status_code == 403
    assert signed_in(desk.lena).post("/replies/new", form).status_code == 302
    assert signed_in(desk.eve).get("/replies").status_code == 403


def test_a_reply_is_put_into_the_composer(sam: Any, desk: Any, incident: Any) -> None:
    reply = keep_reply("Model", "Which, {requester}? {number}", by=desk.lena)
    words = f"Which, Eve Ledger? {incident.number}"
    assert words in sam.get(f"/{incident.number}?reply={reply.pk}").content.decode()
    assert sam.get(f"/{incident.number}/replies/{reply.pk}").content.decode() == words
    assert words in sam.get(f"/{incident.number}/replies", {"q": "mod"}).content.decode()
