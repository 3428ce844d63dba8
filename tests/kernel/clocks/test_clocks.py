"""Clocks on real records: the story of time, replays, hand-overs, changed targets and calendars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brigade.kernel.calendars.actions import change_calendar
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.calendars.models import Calendar
from brigade.kernel.clocks.actions import add_target, change_target, end_target
from brigade.kernel.clocks.models import Clock, Segment, Target
from brigade.kernel.clocks.queries import segments_of
from brigade.kernel.clocks.replay import explain, replay
from brigade.kernel.instants import NEVER, at_instant
from brigade.kernel.parties.actions import operator
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from brigade.kernel.services.actions import add_offering, change_offering
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.recounting import hold_to_targets
from brigade.kernel.work.saying import say
from tests.cast import Cast
from tests.kernel.clocks.conftest import WEEKDAYS

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def london(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=LONDON)


def high(timed: Cast, **more: object) -> Record:
    """Log a P2 incident for Eve, as an agent."""
    fields = {"title": "Ledger down", "requester": timed.eve, "service": timed.erp}
    return open_record(
        "incident", by=timed.sam, fields={**fields, "impact": 2, "urgency": 1, **more}
    )


def clock(record: Record, name: str) -> Clock:
    return Clock.objects.filter(record=record, name=name).order_by("-number")[0]


def the_same_again(record: Record) -> None:
    """Assert that a replay of the journal gives the clocks and segments that are stored."""
    fresh = Record.objects.get(pk=record.pk)
    derived = replay(fresh)
    stored = list(Clock.objects.filter(record=record).order_by("number"))
    assert len(derived) == len(stored)
    for again, row in zip(derived, stored, strict=True):
        assert (again.name, again.subject, again.state) == (row.name, row.subject, row.state)
        assert (again.mark, again.counted, again.paused) == (row.mark, row.counted, row.paused)
        assert list(again.segments) == segments_of(record.pk, row.number)
        if again.is_live:
            assert (again.due() or NEVER) == row.due_at


def story(timed: Cast) -> Record:
    with at_instant(london(27, 16, 40)):
        record = high(timed)
    with at_instant(london(27, 16, 55)):
        say(record, "We are on it.", by=timed.sam, visibility="public")
    with at_instant(london(27, 17, 0)):
        move(record, "start", by=timed.sam)
    with at_instant(london(27, 17, 10)):
        move(record, "wait", by=timed.sam, fields={"waiting_reason": "requester"})
    with at_instant(london(30, 9, 0)):
        move(record, "resume", by=timed.sam)
    return record


def test_story_two_with_its_exact_figures(timed: Cast) -> None:
    record = story(timed)
    respond, restore = clock(record, "respond"), clock(record, "restore")
    assert (respond.state, respond.counted) == ("stopped", 15 * 60)
    assert (restore.paused, restore.due_at) == (110 * 60, london(30, 16, 30))
    the_same_again(record)
    with at_instant(london(30, 10, 0)):
        raised = set_fields(record, {"impact": 1, "urgency": 1}, by=timed.sam)
    assert raised.priority == 1
    restore = clock(record, "restore")
    assert (restore.counted, restore.due_at) == (90 * 60, london(30, 12, 30))
    assert Record.objects.get(pk=record.pk).next_due == london(30, 12, 30)
    the_same_again(record)
    with at_instant(london(30, 12, 10)):
        move(
            record,
            "resolve",
            by=timed.sam,
            fields={"resolution": "x", "category": "erp/ledger", "close_code": "fixed"},
        )
    restore = clock(record, "restore")
    assert (restore.state, restore.counted) == ("stopped", 220 * 60)
    assert [s.seconds // 60 for s in segments_of(record.pk, restore.number)] == [30, 110, 60, 130]
    the_same_again(record)
    assert verify().holds


def test_waiting_for_a_provider_does_not_stop_the_restore_clock(timed: Cast) -> None:
    with at_instant(london(24, 9)):
        record = move(high(timed), "start", by=timed.sam)
    with at_instant(london(24, 10)):
        move(record, "wait", by=timed.sam, fields={"waiting_reason": "provider"})
    assert clock(record, "restore").state == "running"
    the_same_again(record)


def test_a_new_wording_of_a_target_holds_from_its_next_happening_on(timed: Cast) -> None:
    with at_instant(london(24, 9)):
        record = move(high(timed), "start", by=timed.sam)
    target = Target.objects.get(name="incident.restore 2", valid_to=None)
    with at_instant(london(24, 10)):
        stricter = change_target(target, by=timed.petra, seconds=7200)
    assert (stricter.series, stricter.seconds) == (target.series, 7200)
    with at_instant(london(24, 11)):
        say(record, "still on it", by=timed.sam, visibility="public")
    assert clock(record, "restore").due_at == london(24, 11)
    with pytest.raises(Refused):
        change_target(target, by=timed.petra, seconds=3600)
    with pytest.raises(NotPermitted):
        change_target(stricter, by=timed.sam, seconds=3600)


def test_without_a_target_there_is_no_clock_and_losing_it_ends_one(timed: Cast) -> None:
    with at_instant(london(24, 9)):
        low = high(timed, impact=3, urgency=3)
        record = high(timed)
    assert not Clock.objects.filter(record=low).exists()
    for target in Target.objects.filter(key="incident.restore", valid_to=None):
        with at_instant(london(24, 10)):
            end_target(target, by=timed.petra)
    with at_instant(london(24, 11)):
        say(record, "hello", by=timed.sam, visibility="internal")
    assert clock(record, "restore").state == "void"


def test_cancelled_work_counts_for_nothing(timed: Cast) -> None:
    with at_instant(london(24, 9)):
        record = high(timed)
    with at_instant(london(24, 10)):
        move(record, "cancel", by=timed.eve, fields={"cancel_reason": "Works again"})
    assert set(Clock.objects.filter(record=record).values_list("state", flat=True)) == {"void"}
    the_same_again(record)


def test_segments_are_append_only_and_targets_are_never_rewritten(timed: Cast) -> None:
    record = story(timed)
    for change in (
        lambda: Segment.objects.filter(record=record).update(seconds=1),
        lambda: Segment.objects.filter(record=record).delete(),
        lambda: Target.objects.update(seconds=1),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_explanation_accounts_for_every_second(timed: Cast) -> None:
    record = story(timed)
    restore = next(c for c in replay(Record.objects.get(pk=record.pk)) if c.name == "restore")
    lines = explain(restore, london(30, 9, 30).astimezone(UTC))
    assert [(line.segment.kind, line.segment.seconds // 60) for line in lines] == [
        ("run", 30),
        ("pause", 110),
        ("run", 30),
    ]
    assert [line.segment.end for line in lines[:-1]] == [line.segment.begin for line in lines[1:]]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["say", "note", "start", "wait", "provider", "resume", "impact", "urgency",
                         "network", "desk", "resolve", "reopen", "target", "calendar", "recount"]),
        st.integers(1, 3),
        st.integers(1, 200_000),
    ),
    max_size=8,
)  # fmt: skip
DONE = {"resolution": "x", "category": "erp", "close_code": "fixed"}


def act(timed: Cast, record: Record, what: str, value: int) -> None:
    lena = timed.lena
    match what:
        case "say" | "note":
            say(record, "x", by=lena, visibility="public" if what == "say" else "internal")
        case "wait" | "provider":
            reason = "requester" if what == "wait" else "provider"
            move(record, "wait", by=lena, fields={"waiting_reason": reason})
        case "impact" | "urgency":
            set_fields(record, {what: value}, by=lena)
        case "network":
            assign(record, by=lena, team=timed.network_operations)
        case "desk":
            assign(record, by=lena, team=timed.service_desk)
        case "resolve":
            move(record, "resolve", by=lena, fields=DONE)
        case "target":
            held = Target.objects.filter(key="incident.restore", valid_to=None).order_by("id")
            change_target(held[value % 2], by=operator("Brigade"), seconds=value * 5000)
        case "calendar":
            hours = {"weekly": dict.fromkeys(WEEKDAYS, f"0{5 + value}:00-1{5 + value}:00")}
            office = Calendar.objects.get(key="london")
            change_calendar(
                office, by=operator("Brigade"), hours=from_content("Europe/London", hours)
            )
        case "recount":
            hold_to_targets(batch=1)
        case transition:
            move(record, transition, by=lena)


@given(ACTS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_replaying_the_journal_gives_identical_segments(
    timed: Cast, acts: list[tuple[str, int, int]]
) -> None:
    moment = london(26, 15).astimezone(UTC)
    with transaction.atomic():
        with at_instant(moment):
            record = high(timed)
        for what, value, seconds in acts:
            moment += timedelta(seconds=seconds)
            with at_instant(moment):
                try:
                    act(timed, record, what, value)
                except Refused:
                    continue
        the_same_again(record)
        transaction.set_rollback(True)


def test_another_offering_is_another_promise_and_what_was_counted_stays(timed: Cast) -> None:
    with at_instant(london(26, 9)):
        root = operator("Brigade")
        gold = change_offering(timed.erp_gold, by=root, state="published")
        add_target(
            "incident.restore", "incident", name="Gold", offering=gold, seconds=2 * 3600,
            calendar=Calendar.objects.get(key="london"), by=root,
        )  # fmt: skip
        record = high(timed)
        mail = timed.services["collaboration"]
        other = add_offering(mail, by=root, code="plain", name="Plain", state="published")
    assert clock(record, "restore").due_at == london(26, 17)
    with at_instant(london(26, 10)):
        with pytest.raises(Invalid) as no:
            set_fields(record, {"offering": other.pk}, by=timed.sam)
        assert (no.value.code, no.value.field) == ("not_its_offering", "offering")
        set_fields(record, {"offering": gold.pk}, by=timed.sam)
    held = clock(record, "restore")
    assert (held.counted, held.due_at) == (3600, london(26, 11))
    entry = record.journal.latest("number")
    assert entry.changes is not None and entry.changes["offering"] == [None, gold.pk]
    the_same_again(record)
    with at_instant(london(26, 10, 30)):
        set_fields(record, {"service": mail.pk}, by=timed.sam)
        fresh = Record.objects.get(pk=record.pk)
        assert (fresh.service_id, fresh.offering_id) == (mail.pk, None)
        assert clock(record, "restore").due_at == london(26, 17)
        opened = high(timed, service=None, offering=gold.pk)
    assert (opened.service_id, opened.offering_id) == (timed.erp.pk, gold.pk)
    assert clock(opened, "restore").due_at == london(26, 12, 30)
    the_same_again(record)
