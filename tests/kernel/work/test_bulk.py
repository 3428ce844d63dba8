"""Assigning many: an outcome each, and the way back."""

from __future__ import annotations

import pytest

from brigade.kernel.outbox.models import Message
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.refused import Refused
from brigade.kernel.work import bulk
from brigade.kernel.work.bulk import assign_many, give_back
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def opened(desk: Cast, count: int) -> list[str]:
    return [
        open_record("incident", by=desk.eve, fields={"title": f"Case {n}"}).number
        for n in range(count)
    ]


def test_outcomes_come_in_the_order_given_and_each_once(desk: Cast) -> None:
    one, two = opened(desk, 2)
    outcomes = assign_many([two, "INC-999999", one, two], by=desk.sam, assignee=desk.nora)
    assert [(each.number, each.done) for each in outcomes] == [
        (two, True),
        ("INC-999999", False),
        (one, True),
    ]
    assert outcomes[1].why


def test_assigning_the_same_again_is_done_and_changes_nothing(desk: Cast) -> None:
    (number,) = opened(desk, 1)
    assign_many([number], by=desk.sam, assignee=desk.nora)
    (again,) = assign_many([number], by=desk.sam, assignee=desk.nora)
    assert again.done and not again.changed
    assert give_back([again], by=desk.sam) == []


def test_too_many_at_once_are_refused_before_anything_is_done(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 1)
    numbers = opened(desk, 2)
    with pytest.raises(Refused):
        assign_many(numbers, by=desk.sam, assignee=desk.nora)
    assert not JournalEntry.objects.filter(kind="assigned").exists()


def test_taking_back_withdraws_what_has_not_left(desk: Cast) -> None:
    (number,) = opened(desk, 1)
    done = assign_many([number], by=desk.sam, assignee=desk.nora)
    told = Message.objects.filter(topic="assigned", recipient=desk.nora)
    assert told.get().state == "queued"
    assert [each.done for each in give_back(done, by=desk.sam)] == [True]
    assert told.get().state == "withheld"


def test_nobody_takes_back_what_another_did_or_what_went_on(desk: Cast) -> None:
    one, two = opened(desk, 2)
    outcomes = assign_many([one, two], by=desk.sam, assignee=desk.nora)
    assert not any(each.done for each in give_back(outcomes, by=desk.tom))
    record = JournalEntry.objects.filter(record__number=two).first().record  # type: ignore[union-attr]
    say(record, "On it.", by=desk.nora, visibility="internal")
    assert [each.done for each in give_back(outcomes, by=desk.sam)] == [True, False]
