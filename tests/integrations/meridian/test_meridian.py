"""The example organisation: its arrivals, a year through the verbs, in and out again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import transaction

from brigade.integrations import meridian
from brigade.integrations.meridian import building, playing
from brigade.integrations.meridian.arrivals import (
    HOURS,
    MONTHS,
    WEEKDAYS,
    YEAR,
    ZONE,
    arrivals,
    rate,
)
from brigade.kernel.instants import now
from brigade.kernel.parties.actions import create_first_admin, operator
from brigade.kernel.parties.models import Organisation, Person, Team
from brigade.kernel.recipes.actions import adopt_provisionally
from brigade.kernel.records import writes
from brigade.kernel.records.audit import seal, verify
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.refused import Refused
from brigade.kernel.services.models import Service
from brigade.kernel.work.opening import open_record

END = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_year_has_its_arrivals_by_hour_and_weekday_within_a_tenth() -> None:
    start = END - timedelta(days=365)
    found = arrivals(start, END, Random(1))
    assert abs(len(found) - YEAR) <= 2
    assert found == sorted(found)
    hours = [start + timedelta(hours=n) for n in range(365 * 24)]
    total = sum(map(rate, hours))
    for name, key in (
        ("hour", lambda at: at.astimezone(ZONE).hour),
        ("weekday", lambda at: at.astimezone(ZONE).weekday()),
        ("month", lambda at: at.astimezone(ZONE).month),
    ):
        expected: Counter[int] = Counter()
        for hour in hours:
            expected[key(hour)] += rate(hour) / total * len(found)
        got = Counter(key(at) for at in found)
        off = {k: got[k] / v for k, v in expected.items() if abs(got[k] - v) > max(0.1 * v, 1.5)}
        assert not off, (name, off)
    assert len(HOURS) == 24 and len(WEEKDAYS) == 7 and len(MONTHS) == 12


def test_the_same_seed_gives_the_same_arrivals() -> None:
    start = END - timedelta(days=30)
    assert arrivals(start, END, Random(7)) == arrivals(start, END, Random(7))
    assert arrivals(start, END, Random(7)) != arrivals(start, END, Random(8))


@pytest.mark.django_db
def test_a_year_goes_through_the_verbs_and_out_again() -> None:
    ada = create_first_admin(email="ada@example.org", name="Ada")
    adopt_provisionally(by=operator("Brigade"))
    before = Person.objects.count(), JournalEntry.objects.filter(record__isnull=False).count()
    loaded = meridian.load(by=ada, year=150)
    assert loaded.records == Record.objects.count()
    assert abs(loaded.records - 150) <= 1
    states = Counter(Record.objects.values_list("state_category", flat=True))
    assert states["closed"] > 90 and states["cancelled"] > 0
    assert all(at <= now() for at in JournalEntry.objects.values_list("at", flat=True))
    assert verify().holds
    seal(at=now())
    with pytest.raises(Refused):
        meridian.load(by=ada)
    gone = meridian.remove(by=ada)
    assert (gone.records, gone.kept) == (loaded.records, 0)
    after = Person.objects.count(), JournalEntry.objects.filter(record__isnull=False).count()
    assert after == before
    assert not Service.objects.exists() and not Team.objects.exists()
    assert not Organisation.objects.exists()
    assert verify().holds
    assert not meridian.is_loaded()


@pytest.mark.django_db
def test_what_real_work_names_by_now_stays() -> None:
    ada = create_first_admin(email="ada@example.org", name="Ada")
    adopt_provisionally(by=operator("Brigade"))
    loaded = meridian.load(by=ada, year=5)
    someone = next(iter(loaded.company.people.values()))
    real = open_record("incident", by=someone, fields={"title": "A real one"})
    gone = meridian.remove(by=ada)
    assert list(Record.objects.all()) == [real]
    assert gone.kept >= 2
    someone.refresh_from_db()
    assert not someone.is_active
    assert verify().holds


@pytest.mark.django_db(transaction=True)
def test_two_hands_play_what_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {code: (name, 3) for code, (name, _count) in building.CUSTOMERS.items()}
    monkeypatch.setattr(building, "CUSTOMERS", few)
    monkeypatch.setattr(playing, "BATCH", 3)
    with transaction.atomic():
        alone = year_played_by(hands=1)
        transaction.set_rollback(True)
    writes._sequences.clear()
    assert year_played_by(hands=2) == alone
    assert verify().holds


def year_played_by(hands: int) -> list[tuple[object, ...]]:
    """What every record of a short year is in the end, by when it was opened."""
    ada = create_first_admin(email="ada@example.org", name="Ada")
    adopt_provisionally(by=operator("Brigade"))
    assert meridian.load(by=ada, year=8, until=END, hands=hands).records >= 7
    told = ("number", "title", "state", "opened_at", "updated_at", "closed_at", "entries")
    return list(Record.objects.order_by("opened_at").values_list(*told))
