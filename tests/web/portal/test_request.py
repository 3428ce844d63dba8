"""One request: what whoever asked reads and does, and what everybody else may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from brigade.kernel.instants import at_instant, now
from brigade.kernel.outbox.models import Message
from brigade.kernel.records.models import File, JournalEntry, Record, Watcher
from brigade.kernel.work.attaching import attach
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.saying import say
from brigade.kernel.work.watching import watch
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PAGE = "/requests/INC-10001"


def shown(client: Client, person: Any, path: str = PAGE, status: int = 200) -> str:
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == status
    return str(answer.content.decode())


def sent(client: Client, person: Any, to: str, **fields: Any) -> Any:
    client.force_login(person)
    return client.post(f"{PAGE}/{to}", fields)


def resolved(desk: Cast, incident: Record) -> Record:
    return move(take(incident, by=desk.sam), "resolve", by=desk.sam,
                fields={"resolution": "Licence renewed."})  # fmt: skip


@pytest.mark.parametrize("who", ["sid", "bert", "fred"])
def test_to_others_it_is_not_there(client: Client, desk: Cast, incident: Record, who: str) -> None:
    person = getattr(desk, who)
    shown(client, person, status=404)
    for to in ("replies", "moves", "watchers"):
        assert sent(client, person, to, body="x", do="cancel", why="x").status_code == 404


def test_only_the_public_side_is_on_it_whoever_reads(
    client: Client, desk: Cast, incident: Record
) -> None:
    say(incident, "Suspect: zebra crossing", by=desk.sam, visibility="internal")
    say(incident, "Please restart the giraffe.", by=desk.sam, visibility="public")
    attach(incident, "secret.txt", b"x", by=desk.sam, visibility="internal")
    for person in (desk.eve, desk.carl, desk.sam, desk.audrey):
        html = shown(client, person)
        assert "giraffe" in html and "Since nine" in html
        assert "zebra" not in html and "secret.txt" not in html
        assert "Network operations" not in html and "Service desk" not in html


def test_reading_an_answer_is_noticing_it(client: Client, desk: Cast, incident: Record) -> None:
    html = shown(client, desk.eve)
    assert 'aria-current="step"' in html
    assert "You reported it" in html
    assert "Next, somebody takes it on." in html


def test_an_answer_with_a_file_arrives_once(client: Client, desk: Cast, incident: Record) -> None:
    for _twice in range(2):
        file = SimpleUploadedFile("log.txt", b"lines")
        answer = sent(client, desk.eve, "replies", body="It says 0x17.", key="k", files=[file])
        assert answer["Location"] == PAGE
    said = JournalEntry.objects.filter(record=incident, kind="said")
    assert [(e.visibility, e.body) for e in said] == [("public", "It says 0x17.")]
    assert File.objects.count() == 1
    html = shown(client, desk.eve)
    assert "log.txt" in html and "0x17" in html


def test_an_answer_we_waited_for_lets_work_go_on(
    client: Client, desk: Cast, incident: Record
) -> None:
    active = take(incident, by=desk.sam)
    move(active, "wait", by=desk.sam, fields={"waiting_reason": "requester"}, body="Which one?")
    html = shown(client, desk.eve)
    assert "We asked you something and wait for your answer." in html and "Which one?" in html
    sent(client, desk.eve, "replies", body="The blue one.", key="k")
    fresh = Record.objects.get(pk=incident.pk)
    assert fresh.state == "active"
    entry = JournalEntry.objects.filter(record=incident).latest("number")
    assert (entry.kind, entry.transition, entry.body) == ("moved", "resume", "The blue one.")
    told = Message.objects.filter(record=incident, topic="answered", recipient=desk.sam)
    assert told.exists()


def test_an_answer_does_not_end_another_wait(client: Client, desk: Cast, incident: Record) -> None:
    active = take(incident, by=desk.sam)
    move(active, "wait", by=desk.sam, fields={"waiting_reason": "provider"})
    assert "We wait for a supplier." in shown(client, desk.eve)
    sent(client, desk.eve, "replies", body="Any news?", key="k")
    assert Record.objects.get(pk=incident.pk).state == "waiting"


def test_an_empty_answer_is_shown_again(client: Client, desk: Cast, incident: Record) -> None:
    answer = sent(client, desk.eve, "replies", body=" ", key="k")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Write your answer, or choose a file." in html and "<title>Error: " in html
    bad = SimpleUploadedFile("run.exe", b"MZ")
    answer = sent(client, desk.eve, "replies", body="Kept words", key="k", files=[bad])
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert not JournalEntry.objects.filter(record=incident, kind="said").exists()


def test_confirming_closes_it(client: Client, desk: Cast, incident: Record) -> None:
    done = resolved(desk, incident)
    html = shown(client, desk.eve)
    assert "Does it work for you?" in html and "Licence renewed." in html
    answer = sent(client, desk.eve, "moves", do="confirm", key="k", version=done.version)
    assert answer["Location"] == PAGE
    assert Record.objects.get(pk=incident.pk).state == "closed"
    html = shown(client, desk.eve)
    assert "Report it again" in html and "Confirm it is fixed" not in html


def test_not_fixed_opens_it_again_and_says_why(
    client: Client, desk: Cast, incident: Record
) -> None:
    done = resolved(desk, incident)
    answer = sent(client, desk.eve, "moves", do="reopen", key="k", version=done.version)
    assert answer.status_code == 422
    assert "Say what still does not work." in answer.content.decode()
    sent(client, desk.eve, "moves", do="reopen", why="Same again", key="l", version=done.version)
    fresh = Record.objects.get(pk=incident.pk)
    assert (fresh.state, fresh.data["reopen_count"]) == ("active", 1)
    assert JournalEntry.objects.filter(record=incident).latest("number").body == "Same again"


def test_too_late_to_open_it_again_leads_to_a_new_report(
    client: Client, desk: Cast, incident: Record
) -> None:
    resolved(desk, incident)
    with at_instant(now() + timedelta(days=6)):
        html = shown(client, desk.eve)
        assert "too long ago to be opened again" in html
        assert "/help/report?again=INC-10001" in html
        answer = sent(client, desk.eve, "moves", do="reopen", why="x", key="k")
    assert answer.status_code == 409
    assert Record.objects.get(pk=incident.pk).state == "resolved"


def test_cancelling_asks_why(client: Client, desk: Cast, incident: Record) -> None:
    assert sent(client, desk.eve, "moves", do="cancel", key="k").status_code == 422
    sent(client, desk.eve, "moves", do="cancel", why="Works again", key="l")
    fresh = Record.objects.get(pk=incident.pk)
    assert (fresh.state, fresh.data["cancel_reason"]) == ("cancelled", "Works again")
    assert "Works again" in shown(client, desk.eve)
    answer = sent(client, desk.eve, "replies", body="Wait", key="m")
    assert answer.status_code == 409


@pytest.mark.parametrize("what", ["start", "resolve", "resume", "", "explode"])
def test_no_other_step_can_be_taken_here(
    client: Client, desk: Cast, incident: Record, what: str
) -> None:
    assert sent(client, desk.eve, "moves", do=what, key="k").status_code == 409
    assert Record.objects.get(pk=incident.pk).state == "new"


@pytest.mark.parametrize("who", ["sid", "carl", "sam"])
def test_whoever_only_follows_it_reads_and_no_more(
    client: Client, desk: Cast, incident: Record, who: str
) -> None:
    person = getattr(desk, who)
    watch(incident, by=desk.eve, person=person)
    html = shown(client, person)
    assert "Eve Ledger reported it" in html
    assert 'name="body"' not in html and "I no longer need this" not in html
    assert sent(client, person, "replies", body="me too", key="k").status_code == 403
    assert sent(client, person, "moves", do="cancel", why="x", key="k").status_code == 409


def test_following_and_letting_follow(client: Client, desk: Cast, incident: Record) -> None:
    sent(client, desk.carl, "watchers", key="k")
    assert Watcher.objects.filter(record=incident, person=desk.carl).exists()
    sent(client, desk.carl, "watchers", stop="1", key="l")
    assert not Watcher.objects.filter(record=incident).exists()
    sent(client, desk.eve, "watchers", address="CARL@finance.example", key="m")
    assert "Carl Customer" in shown(client, desk.eve)
    watch(incident, by=desk.eve, person=desk.sid)
    answer = sent(client, desk.sid, "watchers", stop="1", key="n")
    assert answer["Location"] == "/requests"
    shown(client, desk.sid, status=404)


@pytest.mark.parametrize("address", ["sid@sales.example", "nobody@finance.example", "", "x"])
def test_only_colleagues_can_be_let_in(
    client: Client, desk: Cast, incident: Record, address: str
) -> None:
    answer = sent(client, desk.eve, "watchers", address=address, key="k")
    assert answer.status_code == 422
    assert "Nobody of your organisation has this address." in answer.content.decode()
    assert not Watcher.objects.exists()


def test_long_conversations_come_in_parts_at_the_same_price(
    client: Client, desk: Cast, incident: Record
) -> None:
    from tests.web.portal.test_home import _queries

    client.force_login(desk.eve)
    client.get(PAGE)
    few = _queries(client, PAGE)
    for number in range(45):
        say(incident, f"Line {number}.", by=desk.sam, visibility="public")
        attach(incident, f"{number}.txt", b"x", by=desk.sam, visibility="public")
    assert _queries(client, PAGE) == few <= 16
    html = shown(client, desk.eve)
    assert "Line 44." in html and "Line 3." not in html
    assert "Earlier messages" in html
    assert "Line 3." in shown(client, desk.eve, f"{PAGE}?before=30")


def test_an_answer_being_written_is_kept_until_it_is_sent(
    client: Client, desk: Cast, incident: Record
) -> None:
    client.force_login(desk.eve)
    client.post("/drafts/INC-10001/answer", {"body": "Half a sen"})
    html = shown(client, desk.eve)
    assert "Half a sen</textarea>" in html and "Draft saved " in html
    sent(client, desk.eve, "replies", body="Half a sentence.", key="k")
    assert "Draft saved " not in shown(client, desk.eve)
