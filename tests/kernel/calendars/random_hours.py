"""Hours and instants drawn at random, for properties that hold for any of them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from brigade.kernel.calendars.hours import Exceptional, Hours
from brigade.kernel.calendars.notation import Span

ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe",
    "Asia/Kathmandu", "Asia/Tehran", "Africa/Casablanca", "Pacific/Apia", "Europe/London",
)  # fmt: skip
FIRST = datetime(2025, 11, 1, tzinfo=UTC)
LENGTH = 500 * 86400
"""Half a year over two year ends: every zone changes its clocks in between."""


def spans(dice: random.Random) -> tuple[Span, ...]:
    """Up to three spans of a day, now and then a night, the whole day or nothing."""
    kind = dice.random()
    if kind < 0.2:
        return ()
    if kind < 0.3:
        return ((0, 1440),)
    if kind < 0.45:
        begin = dice.randrange(17 * 60, 1440)
        return ((begin, dice.randrange(1441, begin + 1441)),)
    edges = sorted(dice.sample(range(0, 1441), 2 * dice.randrange(1, 4)))
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def hours(dice: random.Random) -> Hours:
    """A week, holidays and exceptions; sometimes a week that never opens but for exceptions."""
    days = [(FIRST + timedelta(seconds=dice.randrange(LENGTH))).date() for _ in range(40)]
    week = tuple(spans(dice) for _ in range(7)) if dice.random() < 0.9 else ((),) * 7
    return Hours(
        zone=dice.choice(ZONES),
        week=week,
        holidays={named(day, dice): "" for day in days[:20]},
        exceptions={day.isoformat(): Exceptional(spans(dice)) for day in days[20:]},
    )


def named(day: date, dice: random.Random) -> str:
    iso = day.isoformat()
    return iso[5:] if dice.random() < 0.3 and iso[5:] != "02-29" else iso


def instant(dice: random.Random) -> datetime:
    """Any microsecond of the time, or an edge people write down."""
    at = FIRST + timedelta(seconds=dice.randrange(LENGTH), microseconds=dice.randrange(1_000_000))
    return at if dice.random() < 0.7 else at.replace(minute=0, second=0, microsecond=0)
