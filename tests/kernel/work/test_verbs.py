"""The life of an incident through the kernel's verbs, with its refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from brigade.kernel.instants import at_instant, now
from brigade.kernel.outbox.models import Message
from brigade.kernel.records.access import Standing, entries_visible_to, may, records_visible_to
from brigade.kernel.records.audit import seal, verify
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.records.search import search
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused, Stale
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.attaching import attach, file_for
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.erasing import erase_entry
from brigade.kernel.work.linking import link
from brigade.kernel.work.moving import move, moves_open_to, take
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from brigade.kernel.work.tasks import add_task, end_task
from brigade.kernel.work.timers import fire_due
from brigade.kernel.work.watching import watch
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_report_lands_with_the_default_team_and_tells_its_reporter(
    desk: Cast, incident: Record
) -> None:
    assert incident.number == "INC-10001"
    assert (incident.state, incident.state_category, incident.priority) == ("new", "new", 4)
    assert incident.team_id == desk.service_desk.pk
    assert incident.customer_id == desk.finance.pk
    assert incident.requester_id == incident.opened_by_id == desk.eve.pk
    mail = Message.objects.get(record=incident, channel="mail")
    assert (mail.topic, mail.recipient_id) == ("opened", desk.eve.pk)


def test_urgent_decides_the_priority(desk: Cast) -> None:
    urgent = open_record("incident", by=desk.eve, fields={"title": "Down", "urgent": "on"})
    assert urgent.priority == 2


def test_from_report_to_closed(desk: Cast, incident: Record) -> None:
    taken = take(incident, by=desk.sam)
    assert (taken.state, taken.assignee_id) == ("active", desk.sam.pk)
    say(taken, "We look into it.", by=desk.sam, visibility="public")
    say(taken, "Looks like the licence server.", by=desk.sam, visibility="internal")
    with pytest.raises(Invalid) as no:
        move(taken, "resolve", by=desk.sam)
    assert no.value.field == "resolution"
    done = move(taken, "resolve", by=desk.sam, fields={"resolution": "Licence renewed."})
    assert done.resolved_at is not None
    closed = move(done, "confirm", by=desk.eve)
    assert (closed.state, closed.closed_at is not None) == ("closed", True)
    assert verify().holds
    topics = set(
        Message.objects.filter(record=incident, channel="mail").values_list("topic", flat=True)
    )
    assert topics == {"opened", "replied", "resolved"}


def test_nothing_moves_off_the_map(desk: Cast, incident: Record) -> None:
    with pytest.raises(Refused) as no:
        move(incident, "confirm", by=desk.eve)
    assert no.value.code == "not_from_here"
    with pytest.raises(Refused) as no:
        move(incident, "explode", by=desk.sam)
    assert no.value.code == "unknown_transition"
    with pytest.raises(NotPermitted):
        move(incident, "start", by=desk.eve)


def test_a_note_answers_nobody_but_the_desk(desk: Cast, incident: Record) -> None:
    say(incident, "Suspect: zebra crossing", by=desk.sam, visibility="internal")
    say(incident, "Please restart the giraffe.", by=desk.sam, visibility="public")
    assert search(desk.sam, "zebra") == [incident]
    assert search(desk.eve, "zebra") == []
    assert search(desk.eve, "giraf") == [incident]
    assert search(desk.eve, "INC-100") == [incident]
    assert search(desk.sid, "giraffe") == []
    bodies = [e.body for e in entries_visible_to(desk.eve, incident)]
    assert bodies == ["Since nine o'clock.", "Please restart the giraffe."]
    with pytest.raises(NotPermitted):
        say(incident, "psst", by=desk.eve, visibility="internal")


def test_hidden_is_hidden(desk: Cast, incident: Record) -> None:
    assert incident not in records_visible_to(desk.sid)
    with pytest.raises(Hidden):
        say(incident, "hello", by=desk.sid, visibility="public")
    with pytest.raises(Hidden):
        entries_visible_to(desk.sid, incident)
    with pytest.raises(Hidden):
        move(incident, "cancel", by=desk.sid, fields={"cancel_reason": "x"})


def test_watchers_read_public_entries(desk: Cast, incident: Record) -> None:
    watch(incident, by=desk.eve, person=desk.sid)
    assert incident in records_visible_to(desk.sid)
    say(incident, "internal words", by=desk.sam, visibility="internal")
    assert all(e.visibility == "public" for e in entries_visible_to(desk.sid, incident))
    with pytest.raises(NotPermitted):
        say(incident, "me too", by=desk.sid, visibility="public")


def test_waiting_needs_a_reason_and_wakes_by_itself(desk: Cast, incident: Record) -> None:
    active = take(incident, by=desk.sam)
    with pytest.raises(Invalid) as no:
        move(active, "wait", by=desk.sam)
    assert no.value.field == "waiting_reason"
    later = now() + timedelta(hours=3)
    waiting = move(
        active,
        "wait",
        by=desk.sam,
        fields={"waiting_reason": "scheduled", "resume_at": later.isoformat()},
    )
    assert (waiting.timer, waiting.timer_due) == ("wake", later)
    assert fire_due() == 0
    with at_instant(later + timedelta(seconds=1)):
        assert fire_due() == 1
    waiting.refresh_from_db()
    assert waiting.state == "active"


def test_resolved_closes_itself_after_five_days_and_reopens_until_then(
    desk: Cast, incident: Record
) -> None:
    done = move(incident, "resolve", by=desk.sam, fields={"resolution": "x"})
    with at_instant(now() + timedelta(days=4)):
        again = move(done, "reopen", by=desk.eve)
        assert again.data["reopen_count"] == 1 and again.resolved_at is None
        done = move(again, "resolve", by=desk.sam, fields={"resolution": "y"})
    due = done.timer_due
    say(done, "Thanks!", by=desk.eve, visibility="public")
    done.refresh_from_db()
    assert done.timer_due == due
    with at_instant(due + timedelta(seconds=1)):
        with pytest.raises(Refused) as no:
            move(done, "reopen", by=desk.eve)
        assert no.value.code == "guard"
        assert fire_due() == 1
    done.refresh_from_db()
    assert done.state == "closed"
    last = JournalEntry.objects.filter(record=done).last()
    assert last is not None and last.actor is not None and last.actor.name == "Brigade"


def test_assigning(desk: Cast, incident: Record) -> None:
    with pytest.raises(Invalid) as no:
        assign(incident, by=desk.sam, assignee=desk.tom)
    assert no.value.field == "assignee"
    handed = assign(incident, by=desk.sam, team=desk.network_operations, assignee=desk.tom)
    assert (handed.team_id, handed.assignee_id) == (desk.network_operations.pk, desk.tom.pk)
    with pytest.raises(NotPermitted):
        assign(handed, by=desk.sam, assignee=desk.sam)
    assert Message.objects.filter(
        record=incident, channel="notice", topic="assigned", recipient=desk.tom
    ).exists()


def test_two_people_change_different_fields(desk: Cast, incident: Record) -> None:
    seen = incident.version
    set_fields(incident, {"title": "Ledger hangs"}, by=desk.sam, version=seen)
    merged = set_fields(incident, {"affected_users": "12"}, by=desk.nora, version=seen)
    assert (merged.title, merged.data["affected_users"]) == ("Ledger hangs", 12)
    with pytest.raises(Stale) as no:
        set_fields(incident, {"title": "Ledger is slow"}, by=desk.nora, version=seen)
    assert no.value.theirs == {"title": "Ledger hangs"}


def test_duplicates_follow_into_resolved(desk: Cast, incident: Record) -> None:
    twin = open_record("incident", by=desk.eve, fields={"title": "Same thing"})
    link(twin, incident, "duplicates", by=desk.sam)
    with pytest.raises(Invalid):
        link(incident, twin, "duplicates", by=desk.sam)
    move(incident, "resolve", by=desk.sam, fields={"resolution": "Fixed for both"})
    twin.refresh_from_db()
    assert (twin.state, twin.data["resolution"]) == ("resolved", "Fixed for both")
    assert verify().holds


def test_a_required_task_holds_a_record_open(desk: Cast, incident: Record) -> None:
    task = add_task(incident, "Call back", by=desk.sam, required=True)
    with pytest.raises(Refused) as no:
        move(incident, "resolve", by=desk.sam, fields={"resolution": "x"})
    assert no.value.code == "task_open"
    end_task(task, "done", by=desk.sam)
    move(incident, "resolve", by=desk.sam, fields={"resolution": "x"})


def test_files_keep_their_side(
    desk: Cast, incident: Record, settings: object, tmp_path: object
) -> None:
    settings.BRIGADE_HOME = str(tmp_path)  # type: ignore[attr-defined]
    public = attach(incident, "a/b/screen.png", b"\x89PNG data", by=desk.eve, visibility="public")
    secret = attach(incident, "notes.txt", b"secret", by=desk.sam, visibility="internal")
    assert public.name == "screen.png"
    assert file_for(desk.sam, secret.pk)[1].read() == b"secret"
    assert file_for(desk.eve, public.pk)[1].read() == b"\x89PNG data"
    for person in (desk.eve, desk.sid):
        with pytest.raises(Hidden):
            file_for(person, secret.pk)
    for name, content in (("x.svg", b"<svg/>"), ("x.txt", b"<html>"), ("x.txt", b"")):
        with pytest.raises(Invalid):
            attach(incident, name, content, by=desk.eve, visibility="public")


def test_erasing_keeps_the_chain(desk: Cast, incident: Record) -> None:
    say(incident, "my password is hunter2", by=desk.eve, visibility="public")
    entry = JournalEntry.objects.get(record=incident, kind="said")
    with pytest.raises(NotPermitted):
        erase_entry(entry, by=desk.sam, reason="secret")
    erase_entry(entry, by=desk.ada, reason="a password")
    entry.refresh_from_db()
    assert entry.body is None and entry.erased_by_id == desk.ada.pk
    assert search(desk.sam, "hunter2") == []
    assert verify().holds


def test_the_same_rule_lists_and_answers(desk: Cast, incident: Record) -> None:
    confidential = open_record(
        "incident", by=desk.sam, fields={"title": "HR", "requester": desk.sid, "confidential": True}
    )
    for person in desk.by_role.values():
        standing = Standing.of(person)
        listed = set(records_visible_to(person, standing))
        for record in (incident, confidential):
            assert (record in listed) == may(person, "read", record, standing), person


def test_moves_open_to(desk: Cast, incident: Record) -> None:
    assert [m.key for m in moves_open_to(incident, desk.sam)] == ["start", "resolve", "cancel"]
    assert [m.key for m in moves_open_to(incident, desk.eve)] == ["cancel"]
    assert moves_open_to(incident, desk.audrey) == []


def test_sealed_heads(desk: Cast, incident: Record) -> None:
    first = seal(at=now())
    assert seal(at=now()) != first
    say(incident, "more", by=desk.eve, visibility="public")
    seal(at=now())
    assert verify().holds and verify().seals == 3
