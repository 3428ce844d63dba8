"""A changed target or calendar reaches the clocks that run: once, journalled, as replay has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from brigade.kernel.calendars.actions import change_calendar
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.calendars.models import Calendar
from brigade.kernel.clocks.actions import add_target, change_target, end_target
from brigade.kernel.clocks.models import Clock, Recount, Segment, Target
from brigade.kernel.clocks.replay import replay
from brigade.kernel.instants import at_instant
from brigade.kernel.parties.actions import operator
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.recounting import hold_to_targets, moves_of, recompute_clocks
from brigade.kernel.work.saying import say
from tests.cast import Cast
from tests.kernel.clocks.conftest import WEEKDAYS
from tests.kernel.clocks.test_clocks import the_same_again

MORNING = datetime(2026, 3, 26, 9, tzinfo=UTC)
"""A Thursday, in winter time."""


@pytest.fixture
def three(timed: Cast) -> list[Record]:
    """Three incidents of priority 2, of 480 minutes each, opened on the hour from nine on."""
    made = []
    for hour in range(3):
        with at_instant(MORNING + timedelta(hours=hour)):
            fields = {
                "title": f"No. {hour}",
                "requester": timed.eve,
                "impact": 2,
                "urgency": 1,
                "service": timed.erp,
            }
            made.append(open_record("incident", by=timed.lena, fields=fields))
            hold_to_targets()
    return made


def restore(record: Record) -> Clock:
    return Clock.objects.get(record=record, name="restore")


def high() -> Target:
    return Target.objects.get(key="incident.restore", conditions={"priority": [2]}, valid_to=None)


def test_a_changed_target_moves_what_runs_and_keeps_what_was_counted(
    timed: Cast, three: list[Record]
) -> None:
    noon = MORNING + timedelta(hours=3)
    with at_instant(noon):
        target = change_target(high(), by=operator("Brigade"), seconds=4 * 3600)
    later = noon + timedelta(minutes=1)
    with at_instant(later):
        assert hold_to_targets(batch=2) == 3
        assert hold_to_targets(batch=2) == 0
    first = restore(three[0])
    assert (first.target_id, first.counted, first.mark) == (target.pk, 3 * 3600, noon)
    assert first.due_at == MORNING + timedelta(hours=4)
    assert Record.objects.get(pk=three[0].pk).next_due <= first.due_at
    entry = JournalEntry.objects.filter(record=three[0]).latest("number")
    assert (entry.kind, entry.at, entry.visibility) == ("clocks", later, "internal")
    for record in three:
        the_same_again(record)


def test_what_is_held_already_is_left_alone_when_it_is_done_again(
    timed: Cast, three: list[Record]
) -> None:
    with at_instant(MORNING + timedelta(hours=3)):
        change_target(high(), by=operator("Brigade"), seconds=4 * 3600)
        hold_to_targets()
        written = JournalEntry.objects.count()
        Recount.objects.all().delete()
        assert hold_to_targets() == 0
    assert JournalEntry.objects.count() == written


def test_changed_hours_and_an_ended_target(timed: Cast, three: list[Record]) -> None:
    office = Calendar.objects.get(key="london")
    hours = from_content("Europe/London", {"weekly": dict.fromkeys(WEEKDAYS, "08:00-13:00")})
    with at_instant(MORNING + timedelta(hours=3)):
        change_calendar(office, by=operator("Brigade"), hours=hours)
        hold_to_targets()
    clock = restore(three[0])
    assert clock.due_at == MORNING + timedelta(days=1, hours=3)
    with at_instant(MORNING + timedelta(hours=4)):
        end_target(high(), by=operator("Brigade"))
        hold_to_targets()
    assert restore(three[0]).state == "void"
    for record in three:
        the_same_again(record)


def test_a_change_that_nobody_carried_is_taken_in_by_the_next_write(
    timed: Cast, three: list[Record]
) -> None:
    noon = MORNING + timedelta(hours=3)
    with at_instant(noon):
        change_target(high(), by=operator("Brigade"), seconds=4 * 3600)
    with at_instant(noon + timedelta(hours=2)):
        say(three[1], "We look at it.", by=timed.lena, visibility="internal")
    assert restore(three[1]).counted == 2 * 3600
    assert Segment.objects.filter(record=three[1], clock_number=restore(three[1]).number).count()
    the_same_again(three[1])


def test_a_preview_says_what_moves_and_changes_nothing(timed: Cast, three: list[Record]) -> None:
    before = list(Clock.objects.order_by("id").values())
    with at_instant(MORNING + timedelta(hours=5)):
        moves = moves_of(
            lambda: change_target(high(), by=operator("Brigade"), seconds=4 * 3600),
            by=timed.lena,
            keys=["incident.restore"],
        )
        assert (moves.tried, moves.moved, moves.newly_over, moves.whole) == (3, 3, 1, True)
        assert [line.clock for line in moves.lines] == ["restore"] * 3
        assert moves.lines[0].after == MORNING + timedelta(hours=4)
        assert not moves_of(lambda: None, by=timed.eve, keys=["incident.restore"]).lines
    assert list(Clock.objects.order_by("id").values()) == before
    assert high().seconds == 480 * 60


def test_a_new_stricter_target_takes_over(timed: Cast, three: list[Record]) -> None:
    office = Calendar.objects.get(key="london")
    with at_instant(MORNING + timedelta(hours=3)):
        add_target(
            "incident.restore", "incident", name="ERP", service=timed.erp, seconds=3600,
            calendar=office, by=operator("Brigade"),
        )  # fmt: skip
        assert hold_to_targets() == 3
    assert restore(three[2]).due_at == MORNING + timedelta(hours=3)
    assert len(replay(three[2])) == Clock.objects.filter(record=three[2]).count()


def test_clocks_are_recomputed_on_demand_with_a_trial_before(
    timed: Cast, three: list[Record]
) -> None:
    office = Calendar.objects.get(key="london")
    with at_instant(MORNING + timedelta(hours=3)):
        change_target(high(), by=operator("Brigade"), seconds=2 * 3600)
    told: list[tuple[int, int | None]] = []
    with at_instant(MORNING + timedelta(hours=3, minutes=1)):
        written = JournalEntry.objects.count()
        tried = recompute_clocks(keys=["incident.restore"], dry_run=True)
        assert (tried.records, tried.moved, tried.newly_over, tried.left) == (3, 3, 2, 0)
        assert JournalEntry.objects.count() == written
        done = recompute_clocks(
            calendars=[office.pk],
            batch=2,
            watch=lambda by=1, *, total=None: told.append((by, total)),
        )
        assert (done.records, done.moved, done.newly_over) == (3, 3, 2)
        assert sum(by for by, _total in told) == 3
        assert {total for _by, total in told} == {3}
        assert recompute_clocks().moved == 0
        assert recompute_clocks(keys=["incident.respond"]).records == 3
    for record in three:
        the_same_again(record)
