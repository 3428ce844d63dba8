"""What happens at the marks of a clock: once each, in order, whoever sweeps."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from brigade.kernel.calendars.business_time import Calendar
from brigade.kernel.clocks.engine import RUNNING, Promise
from brigade.kernel.clocks.engine import Clock as EngineClock
from brigade.kernel.clocks.escalating import bit, pending
from brigade.kernel.clocks.models import Clock
from brigade.kernel.clocks.queries import due_clocks
from brigade.kernel.instants import NEVER, at_instant
from brigade.kernel.outbox.models import Message
from brigade.kernel.recipes.elements import Escalation
from brigade.kernel.recipes.spans import Mark
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.escalations import raise_due
from brigade.kernel.work.moving import move
from tests.cast import Cast
from tests.kernel.clocks.conftest import LONDON_OFFICE
from tests.kernel.clocks.test_clocks import clock, high, london, the_same_again

OFFICE = Calendar(LONDON_OFFICE)


class Marks:
    """Stands for a recipe of which only the escalations are asked."""

    def __init__(self, *marks: str) -> None:
        self.rules = [Escalation("restore", n, Mark.read(m), ()) for n, m in enumerate(marks)]

    def escalations_of(self, clock: str) -> list[Escalation]:
        return self.rules


def order(
    seconds: int, started: datetime, *marks: str, raised: int = 0
) -> list[tuple[str, datetime]]:
    promise = Promise(1, seconds, 1, OFFICE)
    clock = EngineClock("restore", None, promise, RUNNING, started, started)
    due = clock.due() or NEVER
    return [
        (str(one.escalation.at), one.at)
        for one in pending(Marks(*marks), clock, raised, due)  # type: ignore[arg-type]
    ]


def test_marks_lie_in_open_time_and_follow_their_instants() -> None:
    found = order(8 * 3600, london(24, 16), "+1h", "-30m", "50%", "+1d")
    assert found == [
        ("50%", london(25, 10)),
        ("-30m", london(25, 13, 30)),
        ("+1h", london(25, 15)),
        ("+1d", london(26, 14)),
    ]


def test_what_a_clock_begins_past_is_due_at_once() -> None:
    found = order(15 * 60, london(24, 9), "50%", "-30m")
    assert found == [("-30m", london(24, 9)), ("50%", london(24, 9, 7).replace(second=30))]


def test_what_was_raised_stays_so_when_the_order_changes() -> None:
    first = Marks("50%", "-30m").rules[0]
    assert [mark for mark, _at in order(900, london(24, 9), "50%", "-30m", raised=bit(first))] == [
        "-30m"
    ]


def told(record: Record, channel: str) -> list[tuple[int | None, str]]:
    rows = Message.objects.filter(record=record, topic="escalated", channel=channel)
    return [(row.recipient_id, row.payload["share"]) for row in rows.order_by("id")]


def raised(record: Record) -> list[str]:
    entries = JournalEntry.objects.filter(record=record, kind="escalated").order_by("number")
    return [entry.changes["share"][1] for entry in entries if entry.changes]


@pytest.mark.django_db
def test_each_mark_is_raised_once_and_tells_its_people(timed: Cast) -> None:
    with at_instant(london(24, 9)):
        record = move(high(timed), "start", by=timed.sam)
    with at_instant(london(24, 12, 59)):
        assert raise_due() == 0
    with at_instant(london(24, 13)):
        assert (raise_due(), raise_due()) == (1, 0)
    assert raised(record) == ["50%"]
    assert told(record, "notice") == [(timed.sam.pk, "50%")]
    assert clock(record, "restore").alert_at == london(24, 15, 24)
    with at_instant(london(25, 9)):
        assert raise_due() == 2
    assert raised(record) == ["50%", "80%", "100%"]
    assert {who for who, share in told(record, "mail") if share == "100%"} == {
        timed.olga.pk,
        timed.petra.pk,
    }
    fresh = Record.objects.get(pk=record.pk)
    assert fresh.data["flags"] == ["breached"]
    assert clock(record, "restore").alert_at == NEVER
    the_same_again(record)
    assert verify().holds


@pytest.mark.django_db
def test_a_stricter_promise_raises_what_is_passed_and_nothing_twice(timed: Cast) -> None:
    with at_instant(london(24, 9)):
        record = move(high(timed), "start", by=timed.sam)
    with at_instant(london(24, 13)):
        raise_due()
    with at_instant(london(24, 13, 10)):
        set_fields(record, {"impact": 1, "urgency": 1}, by=timed.sam)
        assert raise_due() == 2
    assert raised(record) == ["50%", "80%", "100%"]


@pytest.mark.django_db
def test_a_clock_that_stopped_or_rests_escalates_nothing(timed: Cast) -> None:
    with at_instant(london(24, 9)):
        record = move(high(timed), "start", by=timed.sam)
    seen = due_clocks(london(25, 9), 10)
    assert [one.record_id for one in seen] == [record.pk]
    with at_instant(london(24, 10)):
        move(record, "wait", by=timed.sam, fields={"waiting_reason": "requester"})
    with at_instant(london(25, 9)):
        assert (due_clocks(london(25, 9), 10), raise_due()) == ([], 0)
        move(record, "resume", by=timed.sam)
        assert raise_due() == 0
    with at_instant(london(25, 12)):
        assert raise_due() == 1


@pytest.mark.django_db
def test_the_next_due_clocks_are_found_by_one_index_scan(timed: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            "explain select id, record_id, number, alert_at from clocks_clock"
            " where state = 'running' and alert_at <= %s order by alert_at, id limit 500",
            [datetime(2026, 3, 24, tzinfo=UTC)],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using clock_alert" in plan and "Sort" not in plan


@pytest.mark.django_db(transaction=True)
def test_two_workers_raise_each_mark_once(timed: Cast) -> None:
    with at_instant(london(24, 9)):
        records = [high(timed) for _each in range(3)]
    counted: list[int] = []
    gate = threading.Barrier(2)

    def sweep() -> None:
        gate.wait()
        counted.append(raise_due(at=london(25, 9)))
        connection.close()

    workers = [threading.Thread(target=sweep) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counted) == 9
    for record in records:
        assert raised(record) == ["50%", "80%", "100%"]


@pytest.mark.django_db
def test_each_hand_over_has_a_clock_of_its_own(timed: Cast) -> None:
    from brigade.kernel.calendars.models import Calendar as Hours
    from brigade.kernel.clocks.actions import add_target

    with at_instant(london(2, 9)):
        office = Hours.objects.get(key="london")
        add_target(
            "ola.team", "incident", name="team", seconds=7200, calendar=office, by=timed.petra
        )
    with at_instant(london(24, 9)):
        record = high(timed)
    with at_instant(london(24, 10)):
        assign(record, by=timed.lena, team=timed.network_operations)
    with at_instant(london(24, 11)):
        assign(record, by=timed.lena, team=timed.service_desk)
    clocks = list(Clock.objects.filter(record=record, name="team").order_by("number"))
    assert [(one.subject, one.state, one.counted) for one in clocks] == [
        (timed.service_desk.pk, "stopped", 3600),
        (timed.network_operations.pk, "stopped", 3600),
        (timed.service_desk.pk, "running", 0),
    ]
    the_same_again(record)
