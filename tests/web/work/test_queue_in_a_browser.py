"""The queue, search and inbox in a real browser: axe, widths, nodes, and the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel import instants
from brigade.kernel.outbox.models import Notice
from brigade.kernel.records.models import Record
from tests.cast import Cast
from tests.web.browser import axe, faults
from tests.web.work.full_queue import dress, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/queue?view=open", "/queue?view=closed", "/queue?view=open&q=zebra", "/queue/views?view=open",
    "/search?q=payroll", "/search?q=zebra", "/inbox",
)  # fmt: skip
NODES = 2000


@pytest.fixture
def busy(desk: Cast) -> Cast:
    made = fill(desk, 64)
    dress(desk, made)
    told = {"person": desk.sam, "record": made[0], "at": instants.now()}
    for n, kind in enumerate(("assigned", "answered", "resolved")):
        Notice.objects.create(key=f"told:{n}", kind=kind, **told)
    return desk


def test_axe_finds_nothing_and_nothing_sticks_out(busy: Cast, visitor: Any) -> None:
    one = visitor(busy.sam)
    for path in PAGES:
        page = one.look(path)
        assert faults(page) == [], path
        assert page.evaluate("document.querySelectorAll('*').length") <= NODES, path
    assert one.problems == []


def test_an_agent_assigns_with_the_keyboard_alone_and_takes_it_back(
    busy: Cast, visitor: Any
) -> None:
    page = visitor(busy.sam).open("/queue?view=unassigned")
    for key in ("j", "x", "Shift+J", "a"):
        page.keyboard.press(key)
    assert page.locator("[data-count]").inner_text() == "2 selected"
    assert axe(page) == []
    page.keyboard.press("Tab")
    page.keyboard.type("nora")
    page.wait_for_selector(".bulk [role=option]")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-toast]")
    assert "Assigned 2." in page.locator("[data-toast]").inner_text()
    assert Record.objects.filter(assignee=busy.nora, state="new").count() == 2
    page.keyboard.press("u")
    page.wait_for_selector("[data-toast]:has-text('Took back')")
    assert not Record.objects.filter(assignee=busy.nora, state="new").exists()


def test_a_key_acts_on_the_row_one_is_on(busy: Cast, visitor: Any) -> None:
    page = visitor(busy.sam).open("/queue?view=unassigned")
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert page.locator("[data-count]").inner_text() == "1 selected"
    assert page.evaluate("document.activeElement.id") == "b-team"


def test_the_box_filters_and_a_row_opens_by_keyboard(busy: Cast, visitor: Any) -> None:
    page = visitor(busy.sam).open("/queue?view=open")
    page.keyboard.press("f")
    page.keyboard.type("p2 @sam ticket gates")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue?*priority=2*")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/INC-*")


def test_the_palette_finds_and_opens(busy: Cast, visitor: Any) -> None:
    one = visitor(busy.sam)
    page = one.open("/queue?view=open")
    page.keyboard.press("/")
    page.keyboard.type("payroll")
    page.wait_for_selector("#palette [role=option] mark")
    assert axe(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/INC-*")
    assert one.problems == []
