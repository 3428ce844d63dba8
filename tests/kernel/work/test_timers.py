"""Timers: the calendar they count in, those that repeat, and that each fires once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from brigade.kernel.calendars.actions import add_calendar
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.instants import at_instant, now
from brigade.kernel.outbox.models import Message
from brigade.kernel.recipes import queries as recipes
from brigade.kernel.recipes.elements import Effect, Timer
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.recipes.spans import Span
from brigade.kernel.records.models import JournalEntry, Record, Task
from brigade.kernel.services.actions import change_offering, change_service
from brigade.kernel.services.queries import hours_of
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from brigade.kernel.work.timers import fire_due
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def london(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=LONDON)


def hours(key: str, days: tuple[str, ...], by: Cast) -> object:
    content = {"weekly": dict.fromkeys(days, "08:00-18:00")}
    return add_calendar(
        key=key, name=key, hours=from_content("Europe/London", content), by=by.operator
    )


def solved(desk: Cast, **fields: object) -> Record:
    with at_instant(london(25, 16)):
        record = open_record(
            "incident", by=desk.sam, fields={"title": "x", "requester": desk.eve, **fields}
        )
        return move(record, "resolve", by=desk.sam, fields={"resolution": "y"})


def test_days_are_those_of_the_offering_the_service_the_installation(desk: Cast) -> None:
    assert solved(desk, service=desk.erp).timer_due == datetime(2027, 3, 30, 16, tzinfo=UTC)
    week = ("mon", "tue", "wed", "thu", "fri")
    with at_instant(datetime(2027, 1, 1, tzinfo=UTC)):
        hours("office-hours", week, desk)
        six, every = hours("six", (*week, "sat"), desk), hours("every", (*week, "sat", "sun"), desk)
    assert solved(desk, service=desk.erp).timer_due == datetime(2027, 4, 1, 16, tzinfo=LONDON)
    change_service(desk.erp, by=desk.paul, hours=six)  # type: ignore[arg-type]
    assert solved(desk, service=desk.erp).timer_due == london(31, 16)
    change_offering(desk.erp_gold, by=desk.paul, hours=every)  # type: ignore[arg-type]
    assert hours_of(desk.erp.pk, desk.erp_gold.pk) == every.current_id  # type: ignore[attr-defined]
    assert hours_of(desk.erp.pk, None) == six.current_id  # type: ignore[attr-defined]


@pytest.fixture
def reminded(desk: Cast, incident: Record, monkeypatch: pytest.MonkeyPatch) -> Record:
    """The incident, under a recipe with a timer every half hour and one after two hours."""
    recipe = recipe_version(incident.recipe_version_id)
    ping = Timer(
        "ping", ("active",), None, None, Span(30, "m"), None, None,
        (Effect("task", "stakeholder_update"), Effect("notify", "assignee")),
    )  # fmt: skip
    once = Timer(
        "once", ("active",), Span(2, "h"), None, None, None, None, (Effect("flag", "slow"),)
    )
    changed = replace(recipe, timers={**recipe.timers, "ping": ping, "once": once})
    monkeypatch.setitem(recipes._KNOWN, recipe.checksum, changed)
    recipe_version.cache_clear()
    yield incident
    recipe_version.cache_clear()


def test_a_repeated_timer_is_anchored_to_where_its_state_began(
    desk: Cast, reminded: Record
) -> None:
    start = now()
    with at_instant(start):
        record = take(reminded, by=desk.sam)
    assert (record.timer, record.timer_due) == ("ping", start + timedelta(minutes=30))
    with at_instant(start + timedelta(minutes=20)):
        said = say(record, "still at it", by=desk.sam, visibility="internal")
    assert said is None or Record.objects.get(pk=record.pk).timer_due == record.timer_due
    with at_instant(start + timedelta(minutes=33)):
        assert (fire_due(), fire_due()) == (1, 0)
    record.refresh_from_db()
    assert record.timer_due == start + timedelta(hours=1)
    assert [task.title for task in Task.objects.filter(record=record)] == ["Stakeholder update"]
    assert Message.objects.filter(record=record, topic="timed", recipient=desk.sam).count() == 2
    entry = JournalEntry.objects.filter(record=record, kind="timed").get()
    assert entry.visibility == "internal"
    assert (entry.changes or {})["timer"] == [None, "ping"]


def test_what_was_missed_is_done_once_and_the_grid_stays(desk: Cast, reminded: Record) -> None:
    start = now()
    with at_instant(start):
        record = take(reminded, by=desk.sam)
    with at_instant(start + timedelta(minutes=100)):
        assert fire_due() == 1
    record.refresh_from_db()
    assert (record.timer, record.timer_due) == ("once", start + timedelta(hours=2)) or (
        record.timer,
        record.timer_due,
    ) == ("ping", start + timedelta(hours=2))
    with at_instant(start + timedelta(minutes=121)):
        assert (fire_due(), fire_due(), fire_due()) == (1, 1, 0)
    record.refresh_from_db()
    assert record.data["flags"] == ["slow"]
    assert (record.timer, record.timer_due) == ("ping", start + timedelta(minutes=150))
    with at_instant(start + timedelta(minutes=151)):
        assert (fire_due(), fire_due()) == (1, 0)
