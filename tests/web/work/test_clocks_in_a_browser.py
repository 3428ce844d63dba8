"""Clocks in a real browser: the queue by due times, a record's panel, its account, what is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from brigade.kernel import instants
from brigade.kernel.calendars.models import Calendar
from brigade.kernel.clocks.actions import add_target
from brigade.kernel.instants import at_instant
from brigade.kernel.parties.actions import operator
from brigade.kernel.records.models import Record
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from tests.cast import Cast
from tests.kernel.clocks.conftest import timed
from tests.web.browser import faults

__all__ = ["timed"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLES = (
    "Ticket gates at Harbour Square reject contactless cards since the early morning shift",
    "VPN drops every ten minutes at East depot",
    "Timetable app shows yesterday’s diversions",
    "Printer on 3rd floor prints blank labels",
)


@pytest.fixture
def late(timed: Cast) -> Record:
    """Fill the queue with clocks in every state; return the record that is late."""
    always, root = Calendar.objects.get(key="always"), operator("Brigade")
    for key, hours in (("incident.respond", 1), ("incident.restore", 6), ("ola.team", 3)):
        add_target(key, "incident", name=f"{key} for Finance", customer=timed.finance,
                   seconds=hours * 3600, calendar=always, by=root)  # fmt: skip
    made = []
    for n in range(12):
        with at_instant(instants.now() - timedelta(minutes=31 * n)):
            fields = {"title": f"{TITLES[n % 4]} ({n})", "requester": timed.eve}
            more = {"service": timed.erp, "impact": 1 + n % 3, "urgency": 1}
            made.append(open_record("incident", by=timed.sam, fields=fields | more))
            if n % 3:
                move(made[-1], "start", by=timed.sam)
            if n % 6 == 1:
                move(made[-1], "wait", by=timed.sam, fields={"waiting_reason": "requester"})
    with at_instant(instants.now() - timedelta(hours=7)):
        oldest = open_record("incident", by=timed.sam, fields={
            "title": TITLES[0], "requester": timed.eve, "service": timed.erp, "impact": 1,
            "urgency": 1})  # fmt: skip
        move(oldest, "start", by=timed.sam)
        assign(oldest, by=timed.lena, team=timed.network_operations)
    return oldest


def test_axe_finds_nothing_and_nothing_sticks_out(timed: Cast, late: Record, visitor: Any) -> None:
    one = visitor(timed.lena)
    for path in (
        "/queue?view=open", f"/{late.number}", f"/{late.number}/clocks", "/queue/at-risk?team=all",
    ):  # fmt: skip
        assert faults(one.look(path)) == [], path
    assert one.problems == []
