"""Writing on a record: replies and notes kept apart, sent once, not past what others said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from brigade.kernel.records.access import entries_visible_to
from brigade.kernel.records.models import File, JournalEntry, Record
from brigade.kernel.work.drafts import draft_of, save_draft
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from brigade.kernel.work.work_time import worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(signed_in: Any, desk: Any) -> Any:
    return signed_in(desk.sam)


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found is not None
    return found[1]


def bodies(desk: Any, incident: Any, who: str = "sam") -> list[str]:
    return [e.body for e in entries_visible_to(getattr(desk, who), incident) if e.body]


def test_a_reply_reaches_the_requester_and_a_note_does_not(
    sam: Any, desk: Any, incident: Any
) -> None:
    where = f"/{incident.number}/entries"
    sam.post(where, {"visibility": "public", "body": "We look into it."})
    sam.post(where, {"visibility": "internal", "body": "Again the same switch."})
    assert "We look into it." in bodies(desk, incident, "eve")
    assert "Again the same switch." not in bodies(desk, incident, "eve")
    assert "Again the same switch." in bodies(desk, incident)


def test_work_time_goes_with_what_is_written(sam: Any, signed_in: Any, desk: Any) -> None:
    record = open_record(
        "incident", by=desk.sam, fields={"title": "Slow", "requester": desk.eve, "urgent": False}
    )
    where = f"/{record.number}/entries"
    assert "Minutes worked" in sam.get(f"/{record.number}").content.decode()
    sam.post(where, {"visibility": "internal", "body": "Measured it.", "minutes": "25"})
    sam.post(where, {"visibility": "internal", "body": "", "minutes": "5"})
    assert worked(Record.objects.get(pk=record.pk)) == 30
    wrong = sam.post(where, {"visibility": "public", "body": "Soon.", "minutes": "soon"})
    html = wrong.content.decode()
    assert wrong.status_code == 422 and "Give a whole number." in html and 'value="soon"' in html
    assert "Soon." not in bodies(desk, record)
    move(record, "start", by=desk.sam)
    waits = {"visibility": "public", "body": "Which one?", "minutes": "10", "then": "wait"}
    assert sam.post(where, waits).status_code == 302
    assert worked(Record.objects.get(pk=record.pk)) == 40
    theirs = signed_in(desk.eve).post(where, {"visibility": "public", "body": "x", "minutes": "9"})
    assert theirs.status_code in (403, 404, 422)
    assert worked(Record.objects.get(pk=record.pk)) == 40


def test_who_reads_it_must_be_said(sam: Any, desk: Any, incident: Any) -> None:
    answer = sam.post(f"/{incident.number}/entries", {"body": "Which is it?"})
    assert answer.status_code == 422
    assert "Which is it?" in answer.content.decode()
    assert "Which is it?" not in bodies(desk, incident)


def test_nothing_written_is_refused_with_the_form(sam: Any, incident: Any) -> None:
    answer = sam.post(f"/{incident.number}/entries", {"visibility": "public", "body": " "})
    assert answer.status_code == 422 and "Write something first." in answer.content.decode()


def test_sending_twice_writes_once(sam: Any, desk: Any, incident: Any) -> None:
    page = sam.get(f"/{incident.number}")
    form = {
        "visibility": "public", "body": "Once.",
        "key": hidden(page, "key"), "seen": hidden(page, "seen"),
    }  # fmt: skip
    first = sam.post(f"/{incident.number}/entries", form)
    second = sam.post(f"/{incident.number}/entries", form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert bodies(desk, incident).count("Once.") == 1


def test_a_used_key_keeps_another_text(sam: Any, desk: Any, incident: Any) -> None:
    form = {"visibility": "public", "body": "One.", "key": "k1"}
    sam.post(f"/{incident.number}/entries", form)
    answer = sam.post(f"/{incident.number}/entries", {**form, "body": "Two."})
    assert answer.status_code == 422 and "Two." in answer.content.decode()
    assert "Two." not in bodies(desk, incident)
    sam.post(f"/{incident.number}/entries", {**form, "body": "Two.", "key": hidden(answer, "key")})
    assert "Two." in bodies(desk, incident)


def test_what_others_said_meanwhile_is_read_first(sam: Any, desk: Any, incident: Any) -> None:
    page = sam.get(f"/{incident.number}")
    form = {
        "visibility": "public", "body": "Is it still so?",
        "key": hidden(page, "key"), "seen": hidden(page, "seen"),
    }  # fmt: skip
    say(incident, "It works again.", by=desk.eve, visibility="public")
    answer = sam.post(f"/{incident.number}/entries", form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Eve Ledger replied" in text and "It works again." in text
    assert "Is it still so?" in text and "Send anyway" in text
    assert "Is it still so?" not in bodies(desk, incident)
    again = {**form, "key": hidden(answer, "key"), "seen": hidden(answer, "seen")}
    assert sam.post(f"/{incident.number}/entries", again).status_code == 302
    assert "Is it still so?" in bodies(desk, incident)


def test_a_note_need_not_wait_for_that(sam: Any, desk: Any, incident: Any) -> None:
    seen = hidden(sam.get(f"/{incident.number}"), "seen")
    say(incident, "It works again.", by=desk.eve, visibility="public")
    form = {"visibility": "internal", "body": "Look.", "seen": seen}
    assert sam.post(f"/{incident.number}/entries", form).status_code == 302


def test_send_and_wait_asks_and_puts_on_hold(sam: Any, desk: Any, incident: Any) -> None:
    take(incident, by=desk.sam)
    assert "Send and wait on Eve" in sam.get(f"/{incident.number}").content.decode()
    form = {"visibility": "public", "body": "Which screen?", "then": "wait"}
    sam.post(f"/{incident.number}/entries", form)
    incident.refresh_from_db()
    assert (incident.state, incident.data["waiting_reason"]) == ("waiting", "requester")
    assert "Which screen?" in bodies(desk, incident, "eve")


def test_a_note_never_goes_out_with_a_wait(sam: Any, desk: Any, incident: Any) -> None:
    take(incident, by=desk.sam)
    form = {"visibility": "internal", "body": "Secret.", "then": "wait"}
    assert sam.post(f"/{incident.number}/entries", form).status_code == 422
    incident.refresh_from_db()
    assert incident.state == "active" and "Secret." not in bodies(desk, incident)


def test_files_come_with_the_reply_or_nothing_does(sam: Any, desk: Any, incident: Any) -> None:
    good, bad = SimpleUploadedFile("a.txt", b"words"), SimpleUploadedFile("a.exe", b"MZ")
    form = {"visibility": "public", "body": "See the file."}
    answer = sam.post(f"/{incident.number}/entries", {**form, "files": [good, bad]})
    assert answer.status_code == 422 and not File.objects.exists()
    assert "See the file." not in bodies(desk, incident)
    again = SimpleUploadedFile("a.txt", b"words")
    sam.post(f"/{incident.number}/entries", {**form, "files": [again]})
    assert File.objects.get().visibility == "public"


def test_a_draft_comes_back_and_goes_when_it_is_sent(sam: Any, desk: Any, incident: Any) -> None:
    where = f"/drafts/{incident.number}/reply"
    saved = sam.post(where, {"body": "Half a sen", "visibility": "internal", "key": "x"})
    assert saved.content.decode().startswith("Draft saved")
    page = sam.get(f"/{incident.number}").content.decode()
    assert "Half a sen" in page and "Draft saved" in page
    assert re.search(r'value="internal"[^>]* checked', page)
    sam.post(f"/{incident.number}/entries", {"visibility": "internal", "body": "A sentence."})
    assert draft_of(f"{incident.number}/reply", by=desk.sam) == ({}, None)


def test_an_emptied_draft_is_forgotten(sam: Any, desk: Any) -> None:
    save_draft("INC-1/reply", {"body": "x"}, by=desk.sam)
    answer = sam.post("/drafts/INC-1/reply", {"body": " ", "visibility": "public"})
    assert answer.content == b"" and draft_of("INC-1/reply", by=desk.sam)[0] == {}


def test_an_entry_is_erased_by_those_who_may(signed_in: Any, desk: Any, incident: Any) -> None:
    say(incident, "My password is hunter2", by=desk.eve, visibility="public")
    entry = JournalEntry.objects.get(body__contains="hunter2")
    where = f"/{incident.number}/entries/{entry.number}/erasure"
    assert signed_in(desk.sam).post(where, {"reason": "A password."}).status_code == 403
    petra = signed_in(desk.petra)
    assert "Erase entry" in petra.get(where).content.decode()
    assert petra.post(where, {"reason": ""}).status_code == 422
    petra.post(where, {"reason": "A password."})
    page = petra.get(f"/{incident.number}").content.decode()
    assert "hunter2" not in page and "was erased" in page and "A password." in page


@pytest.mark.parametrize("who", ["audrey", "tom", "bert", "sid"])
def test_others_do_not_write(signed_in: Any, desk: Any, incident: Any, who: str) -> None:
    form = {"visibility": "public", "body": "Hello"}
    answer = signed_in(getattr(desk, who)).post(f"/{incident.number}/entries", form)
    assert answer.status_code in (403, 404)
    assert "Hello" not in bodies(desk, incident)
