"""Moving, assigning and changing a record on its pages."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.records.models import Task
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.moving import take
from brigade.kernel.work.opening import open_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(signed_in: Any, desk: Any) -> Any:
    return signed_in(desk.sam)


def test_a_step_that_asks_for_nothing_is_taken_at_once(sam: Any, desk: Any, incident: Any) -> None:
    form = {"transition": "start", "version": incident.version}
    answer = sam.post(f"/{incident.number}/moves", form, follow=True)
    incident.refresh_from_db()
    assert (incident.state, incident.assignee) == ("active", desk.sam)
    assert "is now: In progress" in answer.content.decode()


def test_a_step_that_asks_leads_to_its_form(sam: Any, incident: Any) -> None:
    answer = sam.post(f"/{incident.number}/moves?view=open", {"transition": "resolve"})
    assert answer["Location"] == f"/{incident.number}/moves/resolve?view=open"
    text = sam.get(answer["Location"]).content.decode()
    assert "Resolution" in text and "Message to Eve Ledger" in text


def test_resolving_needs_words(sam: Any, desk: Any, incident: Any) -> None:
    where = f"/{incident.number}/moves/resolve"
    missing = sam.post(where, {"resolution": "", "body": "Try now."})
    text = missing.content.decode()
    assert missing.status_code == 422 and 'href="#resolution"' in text and "Try now." in text
    assert "<title>" in text and "Error:" in text
    sam.post(where, {"resolution": "Restarted.", "body": "Try now."})
    incident.refresh_from_db()
    assert incident.state == "resolved" and incident.data["resolution"] == "Restarted."
    assert incident.journal.filter(body="Try now.", visibility="public").exists()


def test_every_wait_asks_for_its_reason(sam: Any, desk: Any, incident: Any) -> None:
    take(incident, by=desk.sam)
    where = f"/{incident.number}/moves/wait"
    sam.post(where, {"waiting_reason": "provider"})
    sam.post(f"/{incident.number}/moves", {"transition": "resume"})
    answer = sam.post(f"/{incident.number}/moves", {"transition": "wait"})
    assert sam.get(where).status_code == 200
    assert "Waiting for" in sam.get(where).content.decode()
    assert answer.status_code == 302


def test_a_step_from_elsewhere_is_refused(sam: Any, incident: Any) -> None:
    assert sam.get(f"/{incident.number}/moves/reopen").status_code == 409
    assert sam.post(f"/{incident.number}/moves", {"transition": "reopen"}).status_code == 409


def test_a_record_moved_meanwhile_is_not_moved_blindly(sam: Any, desk: Any, incident: Any) -> None:
    seen = incident.version
    take(incident, by=desk.nora)
    form = {"resolution": "Done.", "version": seen}
    assert sam.post(f"/{incident.number}/moves/resolve", form).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("audrey", 403), ("tom", 403), ("sid", 404)])
def test_others_do_not_move_it(
    signed_in: Any, desk: Any, incident: Any, who: str, status: int
) -> None:
    client = signed_in(getattr(desk, who))
    assert client.post(f"/{incident.number}/moves", {"transition": "start"}).status_code == status
    assert client.get(f"/{incident.number}/moves/resolve").status_code == status
    assert client.post(f"/{incident.number}/taking").status_code == status
    assert client.post(f"/{incident.number}/assignment", {}).status_code == status
    assert client.get(f"/{incident.number}/fields/title").status_code == status


def test_taking_makes_it_ones_own(sam: Any, desk: Any, incident: Any) -> None:
    take(incident, by=desk.nora)
    sam.post(f"/{incident.number}/taking")
    incident.refresh_from_db()
    assert incident.assignee == desk.sam


def test_assigning_by_picker_and_by_typed_name(sam: Any, desk: Any, incident: Any) -> None:
    where = f"/{incident.number}/assignment"
    team = desk.service_desk.pk
    sam.post(where, {"team": team, "assignee": desk.nora.pk})
    incident.refresh_from_db()
    assert incident.assignee == desk.nora
    sam.post(where, {"team": team, "assignee": "", "assignee_text": "Sam Desk"})
    incident.refresh_from_db()
    assert incident.assignee == desk.sam
    sam.post(where, {"team": team, "assignee": "", "assignee_text": ""})
    incident.refresh_from_db()
    assert incident.assignee is None


def test_somebody_of_another_team_is_refused_at_the_field(
    sam: Any, desk: Any, incident: Any
) -> None:
    form = {"team": desk.service_desk.pk, "assignee": desk.tom.pk, "assignee_text": "Tom Network"}
    answer = sam.post(f"/{incident.number}/assignment", form)
    text = answer.content.decode()
    assert answer.status_code == 422 and 'href="#assignee"' in text and "Tom Network" in text


def test_one_field_is_changed(sam: Any, desk: Any, incident: Any) -> None:
    where = f"/{incident.number}/fields/"
    sam.post(where + "title", {"title": "Ledger is shut"})
    sam.post(where + "urgent", {"urgent": "on"})
    sam.post(where + "service", {"service": desk.erp.pk})
    sam.post(where + "requester", {"requester": "", "requester_text": "sid@sales.example"})
    incident.refresh_from_db()
    assert (incident.title, incident.priority) == ("Ledger is shut", 2)
    assert (incident.service, incident.requester) == (desk.erp, desk.sid)


def test_what_follows_from_the_rest_is_no_field(sam: Any, incident: Any) -> None:
    for name in ("state", "priority", "reopen_count", "nonsense"):
        assert sam.get(f"/{incident.number}/fields/{name}").status_code == 404


def test_two_who_change_the_same_field_see_both_values(sam: Any, desk: Any, incident: Any) -> None:
    where, seen = f"/{incident.number}/fields/title", incident.version
    set_fields(incident, {"title": "Theirs"}, by=desk.nora)
    answer = sam.post(where, {"title": "Mine", "version": seen})
    text = answer.content.decode()
    assert answer.status_code == 409
    for word in ("Theirs", "Mine", "Keep mine", "Take theirs"):
        assert word in text
    incident.refresh_from_db()
    assert incident.title == "Theirs"
    sam.post(where, {"title": "Mine", "version": incident.version})
    incident.refresh_from_db()
    assert incident.title == "Mine"


def test_the_form_comes_alone_to_a_script(sam: Any, incident: Any) -> None:
    answer = sam.get(f"/{incident.number}/fields/title", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode() and "data-inplace" in answer.content.decode()


def test_links_are_made_and_taken_off(sam: Any, desk: Any, incident: Any) -> None:
    other = open_record("incident", by=desk.sid, fields={"title": "Same here"})
    where = f"/{incident.number}/links"
    assert "Duplicate of" in sam.get(where).content.decode()
    wrong = sam.post(where, {"type": "duplicates", "other_text": "INC-999"})
    assert wrong.status_code == 422 and 'href="#other"' in wrong.content.decode()
    sam.post(where, {"type": "duplicates", "other_text": other.number.lower()})
    made = incident.links.get()
    assert (made.other, made.type) == (other, "duplicates")
    assert "Has duplicate" in sam.get(f"/{other.number}").content.decode()
    sam.post(f"{where}/{made.pk}/removal")
    assert not incident.links.exists()


def test_tasks_are_added_done_and_skipped(sam: Any, incident: Any) -> None:
    where = f"/{incident.number}/tasks"
    sam.post(where, {"title": "Call the vendor", "required": "on"})
    task = Task.objects.get()
    assert task.required
    blocked = sam.post(f"/{incident.number}/moves/resolve", {"resolution": "Done."})
    assert blocked.status_code == 409 and "Call the vendor" in blocked.content.decode()
    sam.post(f"{where}/{task.pk}/ending", {"outcome": "done"})
    task.refresh_from_db()
    assert task.state == "done"
    sam.post(f"{where}/{task.pk}/ending", {"outcome": "open"})
    sam.post(f"{where}/{task.pk}/ending", {"outcome": "skipped"})
    task.refresh_from_db()
    assert task.state == "skipped"


def test_watching(sam: Any, desk: Any, incident: Any) -> None:
    sam.post(f"/{incident.number}/watchers")
    sam.post(f"/{incident.number}/watchers", {"person_text": "Tom Network"})
    assert {one.person for one in incident.watchers.all()} == {desk.sam, desk.tom}
    sam.post(f"/{incident.number}/watchers/removal")
    sam.post(f"/{incident.number}/watchers/removal", {"person": desk.tom.pk})
    assert not incident.watchers.exists()


def test_files_are_handed_out_to_their_side_only(
    signed_in: Any, sam: Any, desk: Any, incident: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    for name, side in (("open.txt", "public"), ("inside.txt", "internal")):
        file = SimpleUploadedFile(name, b"words")
        sam.post(f"/{incident.number}/files", {"files": [file], "visibility": side})
    public, inside = incident.files.order_by("id")
    eve = signed_in(desk.eve)
    answer = eve.get(f"/files/{public.pk}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == b"words"
    assert eve.get(f"/files/{inside.pk}").status_code == 404
    assert sam.get(f"/files/{inside.pk}").status_code == 200
    assert signed_in(desk.sid).get(f"/files/{public.pk}").status_code == 404
