"""Instants and figures as the reader writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from brigade.kernel import instants
from brigade.web.shell import times

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=13), "13 min"),
        (timedelta(minutes=-5), "in 5 min"),
        (timedelta(hours=3), "10:00"),
        (timedelta(hours=-2), "15:00"),
        (timedelta(days=1), "Mon 13:00"),
        (timedelta(days=-2), "Thu 13:00"),
        (timedelta(days=30), "25 Oct"),
        (timedelta(days=400), "20 Oct 2025"),
    ],
)
def test_short_says_as_little_as_stays_clear(ago: timedelta, words: str) -> None:
    with instants.at_instant(NOON), timezone.override(ZoneInfo("Europe/Berlin")):
        assert times.short(NOON - ago) == words


def test_the_full_instant_stands_beside_the_short_one() -> None:
    with instants.at_instant(NOON), timezone.override(ZoneInfo("Europe/Berlin")):
        made = str(times.when(NOON - timedelta(minutes=13)))
    assert 'datetime="2026-11-24T11:47:00+00:00"' in made
    assert 'title="Tuesday, 24 November 2026, 12:47 CET"' in made
    assert ">13 min</time>" in made


def test_nothing_stands_for_no_instant() -> None:
    assert times.when(None) == ""
    assert times.localtime(None) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(10, "under a minute"), (600, "10 min"), (3600, "1 h"), (5400, "1 h 30 min"),
     (86400, "1 day"), (2 * 86400 + 7200, "2 days 2 h")],
)  # fmt: skip
def test_duration_has_two_units_at_most(seconds: int, words: str) -> None:
    assert times.duration(seconds) == words
    assert times.duration(timedelta(seconds=seconds)) == words


def test_figures_follow_the_language() -> None:
    assert times.number(1234.5, 1) == "1,234.5"
    assert times.filesize(1_468_006) == "1.4 MB"
    with translation.override("de"):
        assert times.number(1234.5, 1) == "1.234,5"
        assert times.localtime(NOON, "date") == "24.11.2026"


def test_a_form_gets_the_instant_in_the_readers_zone() -> None:
    with timezone.override(ZoneInfo("America/New_York")):
        assert times.localtime(NOON, "input") == "2026-11-24T07:00"
