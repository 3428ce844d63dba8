"""What holds for any hours, any instants and both changes of the clock."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brigade.kernel.calendars.business_time import EVER, Calendar, NeverOpen, Period
from brigade.kernel.calendars.hours import ALWAYS, CLOSED, Exceptional, Hours
from brigade.kernel.calendars.schedule import second
from tests.kernel.calendars import random_hours

YEARS = (2025, 2028)
seeds = st.integers(0, 2**32)
quickly = settings(max_examples=60, deadline=None)


def drawn(seed: int) -> tuple[random.Random, Calendar]:
    dice = random.Random(seed)
    return dice, Calendar(random_hours.hours(dice), YEARS)


def naive(calendar: Calendar, at: datetime) -> bool:
    """Whether it is open at a second, by asking each span of the day and the day before."""
    hours = calendar.periods[-1].hours
    day = at.astimezone(hours.tz).date()
    moment = second(at)
    days = [day + timedelta(days=n) for n in (-2, -1, 0, 1)]
    return any(
        hours.instant(one, begin * 60) <= moment < hours.instant(one, end * 60)
        for one in days
        for begin, end in hours.spans_on(one)
    )


@quickly
@given(seeds)
def test_counting_agrees_with_looking_at_every_minute(seed: int) -> None:
    dice, calendar = drawn(seed)
    start = random_hours.instant(dice).replace(second=0, microsecond=0)
    end = start + timedelta(minutes=dice.randrange(3000))
    minutes = int((end - start).total_seconds()) // 60
    looked = sum(naive(calendar, start + timedelta(minutes=n)) for n in range(minutes))
    assert calendar.open_seconds(start, end) == 60 * looked
    assert all(calendar.is_open(at) == naive(calendar, at) for at in (start, end))


@quickly
@given(seeds)
def test_parts_add_up(seed: int) -> None:
    dice, calendar = drawn(seed)
    a, b, c = sorted(random_hours.instant(dice) for _ in range(3))
    whole = calendar.open_seconds(a, c)
    assert calendar.open_seconds(a, b) + calendar.open_seconds(b, c) == whole
    assert calendar.counted(c) - calendar.counted(a) == whole
    opened = calendar.openings(a, c)
    assert sum(second(end) - second(begin) for begin, end in opened) == whole
    assert calendar.open_seconds(c, a) == 0


@quickly
@given(seeds)
def test_adding_and_counting_undo_each_other(seed: int) -> None:
    dice, calendar = drawn(seed)
    start = random_hours.instant(dice)
    amount = dice.choice([0, 1, 60, 14_400, 144_000, dice.randrange(1_000_000)])
    try:
        due = calendar.add_open_seconds(start, amount)
    except NeverOpen:
        return
    assert calendar.open_seconds(start, due) == amount
    if amount:
        assert calendar.open_seconds(start, due - timedelta(seconds=1)) == amount - 1, "nearest"
        back = calendar.add_open_seconds(due, -amount)
        assert calendar.open_seconds(back, due) == amount
        assert calendar.open_seconds(back + timedelta(seconds=1), due) == amount - 1, "nearest"
        assert start - timedelta(seconds=1) < back
    else:
        assert calendar.is_open(due)


@quickly
@given(seeds)
def test_pauses_are_not_counted(seed: int) -> None:
    dice, calendar = drawn(seed)
    start = random_hours.instant(dice)
    pauses = [
        (begin, begin + timedelta(seconds=dice.randrange(400_000)))
        for begin in (start + timedelta(seconds=dice.randrange(-90_000, 900_000)) for _ in range(4))
    ]
    amount = dice.randrange(1, 400_000)
    try:
        due = calendar.add_open_seconds(start, amount, pauses)
    except NeverOpen:
        return
    assert calendar.open_seconds(start, due, pauses) == amount
    assert calendar.open_seconds(start, due - timedelta(seconds=1), pauses) == amount - 1
    assert due >= calendar.add_open_seconds(start, amount)
    back = calendar.add_open_seconds(due, -amount, pauses)
    assert calendar.open_seconds(back, due, pauses) == amount


@quickly
@given(seeds)
def test_working_days_undo_each_other(seed: int) -> None:
    dice, calendar = drawn(seed)
    if not calendar.periods[0].hours.opens_at_all:
        return
    days = dice.randrange(30)
    start = random_hours.instant(dice)
    for given_ in (start, start.date()):
        reached = calendar.add_working_days(given_, days)
        assert type(reached) is type(given_)
        if not isinstance(given_, datetime):
            assert calendar.working_days_between(given_, reached) == days
            assert calendar.is_working_day(reached) or days == 0
        else:
            # Random nights run into the morning shifts of the next day: that moment is of two.
            assert abs(calendar.working_days_between(given_, reached) - days) <= 1


@pytest.mark.parametrize("zone", random_hours.ZONES)
def test_always_open_is_real_time(zone: str) -> None:
    calendar = Calendar(Hours(zone, ALWAYS), YEARS)
    a, b = datetime(2025, 2, 1, tzinfo=UTC), datetime(2027, 12, 1, 3, 4, 5, tzinfo=UTC)
    assert calendar.open_seconds(a, b) == (b - a).total_seconds()
    assert calendar.add_open_seconds(a, 10**7) == a + timedelta(seconds=10**7)


@pytest.mark.parametrize(
    ("day", "elapsed"), [((2026, 3, 29), 23 * 3600), ((2026, 10, 25), 25 * 3600)]
)
def test_the_days_on_which_the_clock_changes(day: tuple[int, int, int], elapsed: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(*day, tzinfo=berlin)
    end = (start.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=berlin)
    always = Calendar(Hours("Europe/Berlin", ALWAYS), YEARS)
    office = Calendar(Hours("Europe/Berlin", (((480, 1080),),) * 7), YEARS)
    assert always.open_seconds(start, end) == elapsed
    assert office.open_seconds(start, end) == 36_000, "ten hours, whatever the night did"
    due = office.add_open_seconds(start - timedelta(hours=12), 6 * 3600 + 6 * 3600)
    assert due.astimezone(berlin).replace(tzinfo=None) == datetime(*day, 14)


def test_an_empty_week_opens_by_exception_only() -> None:
    hours = Hours("UTC", CLOSED, {}, {"2026-12-31": Exceptional(((1320, 1500),))})
    calendar = Calendar(hours, YEARS)
    start = datetime(2026, 6, 1, tzinfo=UTC)
    assert calendar.add_open_seconds(start, 3600) == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert calendar.open_seconds(start, datetime(2027, 6, 1, tzinfo=UTC)) == 3 * 3600
    with pytest.raises(NeverOpen):
        calendar.add_open_seconds(start, 3 * 3600 + 1)
    with pytest.raises(NeverOpen):
        Calendar(Hours("UTC"), YEARS).add_open_seconds(start, 1)
    with pytest.raises(NeverOpen):
        Calendar(Hours("UTC"), YEARS).add_working_days(start.date(), 1)


def test_it_grows_to_the_years_it_is_asked_about() -> None:
    week = (((540, 1020),),) * 5 + ((), ())
    small, large = (
        Calendar(Hours("Europe/Berlin", week), years) for years in (YEARS, (1990, 2061))
    )
    for year in (1995, 2003, 2026, 2050):
        at = datetime(year, 5, 5, 12, tzinfo=UTC)
        assert small.counted(at) == large.counted(at)
        assert small.add_open_seconds(at, 10**7) == large.add_open_seconds(at, 10**7)
        assert small.add_open_seconds(at, -(10**7)) == large.add_open_seconds(at, -(10**7))
    with pytest.raises(NeverOpen):
        small.counted(datetime(1812, 1, 1, tzinfo=UTC))


def test_other_hours_hold_from_their_instant_and_leave_what_was_before() -> None:
    long, short = (((480, 1080),),) * 7, (((540, 960),),) * 7
    change = datetime(2026, 11, 10, 12, tzinfo=UTC)
    calendar = Calendar(
        [Period(EVER, Hours("UTC", long)), Period(second(change), Hours("UTC", short))], YEARS
    )
    start, end = datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 12, tzinfo=UTC)
    assert calendar.open_seconds(start, end) == 3600 * (10 + 4 + 4 + 7)
    assert calendar.hours_on(change.date()).week == long
    assert calendar.hours_on(end.date()).week == short


def test_an_instant_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        Calendar(Hours("UTC", ALWAYS), YEARS).counted(datetime(2026, 1, 1))
