"""Who may add, change and retire calendars, what cannot be one, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from brigade.kernel import instants
from brigade.kernel.calendars import actions, queries
from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.calendars.hours import ALWAYS, Hours, from_content
from brigade.kernel.calendars.models import Calendar, CalendarVersion
from brigade.kernel.calendars.notation import read_exceptions, read_holidays, read_times
from brigade.kernel.calendars.suggestions import countries, suggested_holidays
from brigade.kernel.parties.actions import change_installation
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused, Stale
from tests.cast import Cast

EIGHT_TO_SIX = Hours("Europe/London", (((480, 1080),),) * 5 + ((), ()))
SHORTER = Hours("Europe/London", (((540, 960),),) * 5 + ((), ()))


@pytest.fixture
def erp_hours(cast: Cast) -> Calendar:
    return actions.add_calendar(name="ERP hours", hours=EIGHT_TO_SIX, by=cast.ada)


def test_a_calendar_is_added_and_found(cast: Cast, erp_hours: Calendar) -> None:
    assert (erp_hours.key, erp_hours.kind, erp_hours.version) == ("erp-hours", "service_hours", 1)
    assert queries.calendar_for(cast.sam, "erp-hours") == erp_hours
    time = queries.business_time_of(queries.current_version("erp-hours"))
    start = datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert time.add_open_seconds(start, 3600) == datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize("who", ["eve", "sam", "lena", "audrey", "olga", "bert", "carl", "paul"])
def test_nobody_else_changes_calendars(cast: Cast, erp_hours: Calendar, who: str) -> None:
    by = getattr(cast, who)
    for no in (
        lambda: actions.add_calendar(name="Mine", hours=EIGHT_TO_SIX, by=by),
        lambda: actions.change_calendar(erp_hours, name="Mine", by=by),
        lambda: actions.preview_change(erp_hours, SHORTER, by=by),
        lambda: actions.retire_calendar(erp_hours, by=by),
        lambda: actions.reinstate_calendar(erp_hours, by=by),
        lambda: standard_calendars(by=by),
        lambda: actions.extend_calendars(by=by),
    ):
        with pytest.raises(NotPermitted):
            no()


def test_who_sees_calendars(cast: Cast, erp_hours: Calendar) -> None:
    for who in ("sam", "lena", "ada", "audrey", "petra", "bert"):
        assert erp_hours in queries.calendars_visible_to(getattr(cast, who))
    for who in ("eve", "carl"):
        with pytest.raises(Hidden):
            queries.calendar_for(getattr(cast, who), "erp-hours")


def test_other_hours_are_a_new_version(cast: Cast, erp_hours: Calendar) -> None:
    at = datetime(2026, 11, 25, 12, 0, 0, 5, tzinfo=UTC)
    with instants.at_instant(at):
        changed = actions.change_calendar(
            erp_hours, hours=SHORTER, reason="Fewer people", version=1, by=cast.ada
        )
    first, second = sorted(erp_hours.versions.all(), key=lambda one: one.number)
    assert changed.current == second and changed.version == 2
    assert (second.number, second.reason, second.created_by) == (2, "Fewer people", cast.ada)
    assert (first.valid_from, second.valid_from) == (None, at.replace(microsecond=0))
    day = datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC)
    before, after = (queries.business_time_of(version.pk) for version in (first, second))
    assert before.open_seconds(*day) == 10 * 3600
    assert after.open_seconds(*day) == 8 * 3600, "from eight, and until four"
    with pytest.raises(Stale):
        actions.change_calendar(erp_hours, name="ERP", version=1, by=cast.ada)


def test_the_same_hours_are_no_version(cast: Cast, erp_hours: Calendar) -> None:
    again = actions.change_calendar(erp_hours, name="ERP", hours=EIGHT_TO_SIX, by=cast.ada)
    assert (again.name, again.versions.count()) == ("ERP", 1)


def test_a_preview_writes_nothing(cast: Cast, erp_hours: Calendar) -> None:
    since = datetime(2026, 12, 1, tzinfo=UTC)
    seen = actions.preview_change(erp_hours, SHORTER, valid_from=since, by=cast.ada)
    start = datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert seen.before.add_open_seconds(start, 15 * 3600).hour == 13
    assert seen.after.add_open_seconds(start, 15 * 3600).hour == 14
    assert CalendarVersion.objects.count() == 1


def test_a_version_that_reaches_further_back_takes_the_place_of_later_ones(
    cast: Cast, erp_hours: Calendar
) -> None:
    later, earlier = (datetime(2026, month, 1, tzinfo=UTC) for month in (12, 11))
    actions.change_calendar(erp_hours, hours=SHORTER, valid_from=later, by=cast.ada)
    always = Hours("Europe/London", ALWAYS)
    last = actions.change_calendar(erp_hours, hours=always, valid_from=earlier, by=cast.ada)
    time = queries.business_time_of(last.current_id or 0)
    assert [period.hours for period in time.periods] == [EIGHT_TO_SIX, always]


def test_versions_never_change(cast: Cast, erp_hours: Calendar) -> None:
    rows = CalendarVersion.objects.filter(pk=erp_hours.current_id)
    for facts in ({"zone": "UTC"}, {"content": {}}, {"reaches": 2001}, {"reason": "x"}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            rows.update(**facts)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        rows._raw_delete("default")


def test_retired_and_back(cast: Cast, erp_hours: Calendar) -> None:
    assert not actions.retire_calendar(erp_hours, by=cast.ada, version=1).is_active
    assert actions.reinstate_calendar(erp_hours, by=cast.ada).is_active


def test_every_change_is_journalled(cast: Cast, erp_hours: Calendar) -> None:
    actions.change_calendar(erp_hours, hours=SHORTER, by=cast.ada)
    actions.retire_calendar(erp_hours, by=cast.ada)
    entries = JournalEntry.objects.filter(subject_type="calendar", subject_id=erp_hours.pk)
    told = [(entry.transition, entry.actor, set(entry.changes)) for entry in entries.order_by("id")]
    assert [who for _what, who, _names in told] == [cast.ada] * 4
    assert told[2][2] >= {"number", "zone", "valid_from"}
    assert told[3][2] == {"is_active"}
    with pytest.raises(DatabaseError, match="needs an actor"), transaction.atomic():
        Calendar.objects.filter(pk=erp_hours.pk).update(name="In nobody's name")


def test_the_first_calendars(cast: Cast) -> None:
    console = cast.operator
    assert [one.key for one in standard_calendars(by=console)] == ["always"]
    change_installation(
        by=console,
        timezone="Europe/Berlin",
        hours={"mon": [["08:00", "12:00"], ["13:00", "17:00"]]},
    )
    (office,) = standard_calendars(by=console)
    assert office.current is not None and office.current.zone == "Europe/Berlin"
    assert office.current.content["weekly"] == {"mon": "08:00-12:00 13:00-17:00"}
    assert standard_calendars(by=console) == []
    always = queries.calendar_for(cast.sam, "always")
    for no in (
        lambda: actions.change_calendar(always, name="Now and then", by=console),
        lambda: actions.retire_calendar(always, by=console),
    ):
        with pytest.raises(Refused, match="always open"):
            no()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"key": "Ä b"}, "key"),
        ({"key": "erp-hours"}, "key"),
        ({"name": "ERP: hours"}, "name"),
        ({"kind": "always"}, "kind"),
        ({"hours": Hours("Mars/Olympus", ALWAYS)}, "zone"),
        ({"hours": Hours("UTC")}, "weekly_mon"),
        ({"hours": Hours("UTC", (((0, 60), (30, 90)),) + ((),) * 6)}, "weekly_mon"),
        ({"hours": Hours("UTC", ALWAYS, {"2026-02-30": ""})}, "holidays"),
        ({"hours": Hours("UTC", ALWAYS, {"12-25": "x" * 101})}, "holidays"),
    ],
)
def test_what_a_calendar_cannot_be(
    cast: Cast, erp_hours: Calendar, facts: dict[str, Any], field: str
) -> None:
    given = {"name": "Another", "hours": EIGHT_TO_SIX, **facts}
    with pytest.raises(Invalid) as no:
        actions.add_calendar(by=cast.ada, **given)
    assert no.value.field == field


def test_hours_hold_from_a_day_one_can_name(cast: Cast, erp_hours: Calendar) -> None:
    for odd in (datetime(2026, 1, 1), datetime(1800, 1, 1, tzinfo=UTC)):
        with pytest.raises(Invalid) as no:
            actions.change_calendar(erp_hours, hours=SHORTER, valid_from=odd, by=cast.ada)
        assert no.value.field == "valid_from"


@pytest.mark.parametrize(
    "text",
    ["9", "09:00", "09:00-", "25:00-26:00", "08:60-09:00", "09:00-24:01", "a-b",
     "09:00-12:00 11:00-13:00", "09:00-12:00;13:00-14:00"],
)  # fmt: skip
def test_times_that_are_none(text: str) -> None:
    with pytest.raises(Invalid):
        read_times(text, "x")


def test_what_people_type() -> None:
    assert read_times(" 13:00 - 17:00, 8:00–12:00 ", "x") == ((480, 720), (780, 1020))
    assert read_times("22:00-06:00", "x") == ((1320, 1800),)
    assert read_times("00:00-24:00", "x") == read_times("00:00-00:00", "x") == ((0, 1440),)
    assert read_holidays("2026-12-25 Christmas  Day\n\n01-01") == {
        "2026-12-25": "Christmas Day", "01-01": ""
    }  # fmt: skip
    assert read_exceptions("2026-12-24 08:00-10:00 11:00-12:00 Eve\n2026-12-31 Stocktaking") == {
        "2026-12-24": (((480, 600), (660, 720)), "Eve"),
        "2026-12-31": ((), "Stocktaking"),
    }
    for odd in ("tomorrow", "25.12.2026", "2026-13-01", "1800-01-01"):
        with pytest.raises(Invalid):
            read_holidays(odd)
    with pytest.raises(Invalid):
        read_exceptions("12-24 08:00-12:00")


def test_what_is_stored_is_read_again() -> None:
    content = {
        "weekly": {"fri": "22:00-06:00"},
        "holidays": {"12-25": "Christmas"},
        "exceptions": {"2026-12-24": {"hours": "08:00-12:00", "name": "Eve"}},
    }
    from brigade.kernel.calendars.hours import to_content

    assert to_content(from_content("UTC", content)) == content


def test_holidays_are_suggested() -> None:
    assert "BY" in countries()["DE"]
    german = suggested_holidays("DE", "BY", (2026, 2027), "en")
    assert german["2026-01-06"] == "Epiphany" and "2027-01-01" in german
    assert "2026-01-06" not in suggested_holidays("DE", "BE", (2026, 2026), "en")
    assert suggested_holidays("XX", "", (2026, 2026), "en") == {}
    assert suggested_holidays("DE", "ZZ", (2026, 2026), "en") == {}


def test_a_year_of_working_days() -> None:
    office = from_content(
        "Europe/Berlin",
        {"weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")},
    )
    from brigade.kernel.calendars.business_time import Calendar as Time

    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert Time(office).working_days_between(start, start + timedelta(days=365)) == 261
