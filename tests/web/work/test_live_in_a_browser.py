"""Two people at one record, one at the queue: each sees what the other does, none is disturbed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from brigade.kernel.parties.actions import disable_person
from brigade.kernel.records.models import Record
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from tests.cast import Cast
from tests.web.browser import axe
from tests.web.work.live_house import live_house

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def hears(page: Any, still: bool = True) -> None:
    """Wait until the page has its stream, or has it no longer."""
    here = expect(page.locator("html[data-hears]"))
    here.to_have_count(1 if still else 0, timeout=10_000)


def test_others_are_heard_and_nobody_is_disturbed(
    desk: Cast, incident: Record, visitor: Any, live_server: Any, settings: Any
) -> None:
    with live_house(live_server.url, settings):
        sam, nora = visitor(desk.sam), visitor(desk.nora)
        record, queue = sam.look(f"/{incident.number}"), nora.look("/queue?view=open")
        hears(record)
        hears(queue)
        record.locator("#composer-text").fill("We are looking into it.")
        say(_fresh(incident), "It works again!", by=desk.eve, visibility="public")
        expect(record.locator("#meanwhile")).to_contain_text("Eve Ledger replied.")
        expect(record.locator(".journal")).to_contain_text("It works again!")
        expect(record.locator("#composer-text")).to_have_value("We are looking into it.")
        expect(record.get_by_role("button", name="Send anyway")).to_be_visible()
        assert axe(record) == []

        set_fields(_fresh(incident), {"title": "Ledger opens slowly"}, by=desk.lena)
        expect(queue.locator("tbody")).to_contain_text("Ledger opens slowly")
        for _ in range(2):
            made = {"title": "Printer burns", "requester": desk.eve, "impact": 1, "urgency": 1}
            open_record("incident", by=desk.lena, fields=made)
        expect(queue.locator("[data-news]")).to_have_text("2 new, show")
        assert queue.locator("tbody tr:not(.group)").count() == 1
        assert axe(queue) == []
        queue.locator("[data-news] a").click()
        expect(queue.locator("tbody tr:not(.group)")).to_have_count(3)
        assert sam.problems == nora.problems == []


def test_who_is_here_is_seen_until_they_go_or_lose_their_way_in(
    desk: Cast, incident: Record, visitor: Any, live_server: Any, settings: Any
) -> None:
    with live_house(live_server.url, settings) as house:
        sam, nora = visitor(desk.sam), visitor(desk.nora)
        record = sam.look(f"/{incident.number}")
        hears(record)
        there = record.locator("[data-presence]")
        other = nora.look(f"/{incident.number}")
        expect(there).to_have_text("Nora Desk is looking at this")
        expect(other.locator("[data-presence]")).to_have_text("Sam Desk is looking at this")
        other.locator("#composer-text").press_sequentially("Me too")
        expect(there).to_have_text("Nora Desk is writing a reply")
        assert axe(record) == []
        nora.look("/inbox")
        expect(there).to_have_text("")
        assert sam.problems == nora.problems == []
        disable_person(desk.sam, by=desk.ada)
        hears(record, False)
        assert house.stop() == 0


def _fresh(record: Record) -> Record:
    record.refresh_from_db()
    return record
