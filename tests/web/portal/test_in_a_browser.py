"""The portal in a real browser: nothing for axe to find, nothing sideways, keys alone suffice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from brigade.kernel.parties.actions import change_installation
from brigade.kernel.records.models import Record
from brigade.kernel.work.attaching import attach
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from brigade.kernel.work.watching import watch
from tests.cast import Cast
from tests.web.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLES = (
    "Ticket gates at Harbour Square reject contactless cards since this morning",
    "Ledger does not open",
    "Typo in the fare table",
    "Printer on floor 3 is offline",
)


@dataclass(frozen=True)
class Busy:
    """Eve of Finance with one request of every kind, and the pages that show them."""

    cast: Cast
    pages: dict[str, str]


@pytest.fixture
def busy(desk: Cast) -> Busy:
    """Let Eve report four things, and let the desk get somewhere with three of them."""
    change_installation(by=desk.ada, support_phone="5500")
    made = [_opened(desk, title) for title in TITLES]
    gates = take(made[0], by=desk.sam)
    words = "We look at the **readers** now.\n\n- gate 1\n- gate 2"
    say(gates, words, by=desk.sam, visibility="public")
    name = "a-photo-with-quite-a-long-name-of-the-gate.png"
    attach(gates, name, b"\x89PNG", by=desk.eve, visibility="public")
    watch(gates, by=desk.eve, person=desk.carl)
    asked = {"fields": {"waiting_reason": "requester"}, "body": "Which gate was the first?"}
    move(gates, "wait", by=desk.sam, **asked)  # type: ignore[arg-type]
    resolution = {"resolution": "The licence was renewed."}
    move(take(made[1], by=desk.sam), "resolve", by=desk.sam, fields=resolution)
    move(made[2], "cancel", by=desk.eve, fields={"cancel_reason": "Seen twice"})
    return Busy(desk, _pages(made))


def _pages(made: list[Record]) -> dict[str, str]:
    return {
        "home": "/help",
        "search": "/help?q=gates",
        "nothing found": "/help?q=giraffe",
        "report": "/help/report",
        "mine": "/requests",
        "over": "/requests?show=over",
        "none": "/requests?of=followed",
        "waits for me": f"/requests/{made[0].number}",
        "fixed": f"/requests/{made[1].number}",
        "cancelled": f"/requests/{made[2].number}",
        "new": f"/requests/{made[3].number}",
    }


def _opened(desk: Cast, title: str) -> Record:
    return open_record(
        "incident",
        by=desk.eve,
        fields={"title": title, "description": "It began at nine.", "service": desk.erp.pk},
        channel="portal",
    )


def test_axe_finds_nothing_and_nothing_scrolls_sideways(visitor: Any, busy: Busy) -> None:
    one = visitor(busy.cast.eve)
    for name, address in busy.pages.items():
        page = one.look(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert faults(page) == [], name
    page.goto(one.address + "/help/report")
    page.keyboard.press("End")
    page.get_by_role("button", name="Send report").click()
    page.wait_for_load_state("networkidle")
    assert faults(page) == []
    assert one.problems == ["Failed to load resource: the server responded with a status of 422 "
                            "(Unprocessable Entity)"]  # fmt: skip


def test_the_pages_are_small(visitor: Any, busy: Busy) -> None:
    for number in range(30):
        _opened(busy.cast, f"Something is broken in room {number}")
    one = visitor(busy.cast.eve)
    for name, address in busy.pages.items():
        nodes = one.look(address).evaluate("document.querySelectorAll('*').length")
        assert nodes <= 600, (name, nodes)


def test_keys_alone_report_and_follow(visitor: Any, desk: Cast) -> None:
    page = visitor(desk.eve, size="phone").open("/help")
    _tab_to(page, "Describe it in your own words")
    page.keyboard.type("card reader keeps failing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/help?q=*")
    _tab_to(page, "Report it")
    page.keyboard.press("Enter")
    page.wait_for_url("**/help/report?*")
    _tab_to(page, "What happens?")
    page.keyboard.type("It beeps twice.")
    _tab_to(page, "Can you go on working?")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "Send report")
    page.keyboard.press("Enter")
    page.wait_for_url("**/requests/INC-*")
    assert "Sent. Its number is INC-" in page.inner_text("body")
    _tab_to(page, "Write to us")
    page.keyboard.type("It beeps three times now.")
    _tab_to(page, "Send")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=It beeps three times now.")
    assert Record.objects.get().data["urgent"] is True


def _tab_to(page: Any, name: str) -> None:
    """Press Tab until the control with this label, legend or text has the focus."""
    script = """() => { const e = document.activeElement; return [
        e.labels?.[0]?.innerText, e.closest('fieldset')?.querySelector('legend')?.innerText,
        e.innerText].filter(Boolean).map(text => text.trim()) }"""
    for _press in range(60):
        page.keyboard.press("Tab")
        if any(word.split("\n")[0].startswith(name) for word in page.evaluate(script)):
            return
    raise AssertionError(f"no way to {name} by Tab")
