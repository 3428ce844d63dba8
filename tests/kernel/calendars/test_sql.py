"""SQL says of 10,000 random cases exactly what Python says."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from brigade.kernel import instants
from brigade.kernel.calendars import actions
from brigade.kernel.calendars.business_time import Calendar, NeverOpen
from brigade.kernel.calendars.models import Calendar as Row
from brigade.kernel.calendars.models import Opening
from brigade.kernel.calendars.queries import business_time_of
from brigade.kernel.refused import Invalid
from tests.cast import Cast
from tests.kernel.calendars import random_hours

CALENDARS, EACH = 10, 1000
ASK = """
select open_seconds(%(version)s, a, b), add_open_seconds(%(version)s, a, n),
    open_counted(%(version)s, epoch_second(a))
from unnest(%(a)s::timestamptz[], %(b)s::timestamptz[], %(n)s::bigint[])
    with ordinality as asked (a, b, n, place) order by place
"""


def made(cast: Cast, dice: random.Random) -> Row:
    """A calendar of one to three versions, whose hours are drawn."""
    while True:
        try:
            with instants.at_instant(datetime(2026, 1, 1, tzinfo=UTC)):
                row = actions.add_calendar(
                    name=f"No. {dice.random()}", hours=random_hours.hours(dice), by=cast.operator
                )
                for _ in range(dice.randrange(3)):
                    row = actions.change_calendar(
                        row,
                        hours=random_hours.hours(dice),
                        valid_from=random_hours.instant(dice),
                        by=cast.operator,
                    )
                return row
        except Invalid:
            continue


def added(calendar: Calendar, start: datetime, seconds: int) -> datetime | None:
    try:
        return calendar.add_open_seconds(start, seconds)
    except NeverOpen:
        return None


def test_sql_and_python_agree(cast: Cast) -> None:
    dice, compared = random.Random(2026), 0
    for _ in range(CALENDARS):
        row = made(cast, dice)
        assert row.current_id is not None
        calendar = business_time_of(row.current_id)
        a = [random_hours.instant(dice) for _ in range(EACH)]
        b = [random_hours.instant(dice) for _ in range(EACH)]
        n = [dice.choice((0, 1, 3600, 144_000, dice.randrange(-(9**7), 9**7))) for _ in range(EACH)]
        with connection.cursor() as cursor:
            cursor.execute(ASK, {"version": row.current_id, "a": a, "b": b, "n": n})
            for index, (opened, due, counted) in enumerate(cursor.fetchall()):
                start = a[index]
                assert opened == calendar.open_seconds(start, b[index])
                assert counted == calendar.counted(start)
                expected = added(calendar, start, n[index])
                assert due == expected or (due is None and beyond(calendar, expected))
                compared += 1
    assert compared == 10_000


def beyond(calendar: Calendar, due: datetime | None) -> bool:
    """Whether Python had to look further than the rows reach."""
    return due is None or due.year >= 2036


def test_the_unknown_is_null_and_not_closed(cast: Cast) -> None:
    row = made(cast, random.Random(1))
    with connection.cursor() as cursor:
        cursor.execute(
            "select open_counted(%(v)s, -1), open_seconds(%(v)s, '2026-01-01', '2090-01-01'),"
            " add_open_seconds(%(v)s, '2026-01-01', 1000000000000),"
            " open_seconds(-1, '2026-01-01', '2026-01-02')",
            {"v": row.current_id},
        )
        assert cursor.fetchone() == (None, None, None, None)


def test_the_rows_are_extended_and_nothing_moves(cast: Cast) -> None:
    with instants.at_instant(datetime(2026, 1, 1, tzinfo=UTC)):
        row = made(cast, random.Random(3))
    old = list(Opening.objects.filter(version=row.current_id, c1__isnull=False).values_list())
    with instants.at_instant(datetime(2028, 6, 1, tzinfo=UTC)):
        assert actions.extend_calendars(by=cast.operator) == 1
        assert actions.extend_calendars(by=cast.operator) == 0
    new = list(Opening.objects.filter(version=row.current_id).order_by("s").values_list())
    assert len(new) > len(old) and set(old) <= set(new)
    assert sum(line[-1] is None for line in new) == 1
    calendar = business_time_of(row.current_id or 0)
    far = datetime(2037, 3, 3, 3, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("select open_counted(%s, epoch_second(%s))", [row.current_id, far])
        assert cursor.fetchone() == (calendar.counted(far),)


@pytest.mark.parametrize("days", [1, 400])
def test_always_is_one_row(cast: Cast, days: int) -> None:
    from brigade.kernel.calendars.first import standard_calendars

    (always,) = standard_calendars(by=cast.operator)
    assert Opening.objects.filter(version=always.current_id).count() == 2
    start = datetime(2026, 2, 1, 3, 4, 5, 678_900, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "select open_seconds(%s, %s, %s)",
            [always.current_id, start, start + timedelta(days=days)],
        )
        assert cursor.fetchone() == (days * 86400,)
