"""The page of a record in a real browser: nothing for axe to find, and the keys that work it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from brigade.kernel.records.access import entries_visible_to
from brigade.kernel.work.attaching import attach
from brigade.kernel.work.linking import link
from brigade.kernel.work.moving import take
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.replies import keep_reply
from brigade.kernel.work.saying import say
from brigade.kernel.work.tasks import add_task
from brigade.kernel.work.watching import watch
from tests.web.browser import faults, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Ticket gates at Harbour Square reject contactless cards since about ten to one today"


@pytest.fixture
def busy(desk: Any) -> Any:
    """A record with something in each of its places."""
    record = open_record(
        "incident", by=desk.eve, fields={"title": LONG, "description": "Every second one."}
    )
    take(record, by=desk.sam)
    say(record, "**Found:** it is `pay-sw-02`.", by=desk.nora, visibility="internal")
    say(record, "We look into it.", by=desk.sam, visibility="public")
    other = open_record("incident", by=desk.sid, fields={"title": LONG + " too"})
    link(other, record, "duplicates", by=desk.sam)
    attach(record, "gate.txt", b"x", by=desk.eve, visibility="public")
    for number in range(3):
        add_task(record, f"Call the acquirer, line {number}", by=desk.sam, required=not number)
    watch(record, by=desk.lena)
    keep_reply("Which model", "Which model, {requester}?", by=desk.lena)
    return record


def addresses(record: Any) -> list[str]:
    at = f"/{record.number}"
    forms = ["/moves/wait", "/assignment", "/links", "/fields/service"]
    return [f"{at}?view=open", *(at + form for form in forms), "/new/incident", "/replies"]


def test_axe_finds_nothing_and_nothing_scrolls_sideways(visitor: Any, desk: Any, busy: Any) -> None:
    one = visitor(desk.lena)
    for address in addresses(busy):
        assert faults(one.look(address)) == [], address
        assert one.problems == [], address


def test_no_menu_makes_a_phone_scroll_sideways(visitor: Any, desk: Any, busy: Any) -> None:
    one = visitor(desk.lena, size="narrow")
    for address in addresses(busy):
        page = one.look(address)
        for menu in page.locator("main details.menu > summary").all():
            menu.click()
            assert overflow(page) == 0, address
            page.keyboard.press("Escape")


def test_a_reply_by_keyboard_alone(visitor: Any, desk: Any, busy: Any) -> None:
    page = visitor(desk.sam).open(f"/{busy.number}")
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Add note")).to_be_visible()
    expect(page.get_by_role("button", name="Send reply")).to_be_hidden()
    expect(page.get_by_role("button", name="Send and wait on Eve")).to_be_hidden()
    page.keyboard.type("Look at the switch.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Only the desk reads it.")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("Try gate four.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Your reply goes to Eve Ledger.")).to_be_visible()
    seen = [entry.body for entry in entries_visible_to(desk.eve, busy)]
    assert "Try gate four." in seen and "Look at the switch." not in seen


def test_a_draft_is_kept_while_one_types(visitor: Any, desk: Any, busy: Any) -> None:
    page = visitor(desk.sam).open(f"/{busy.number}")
    page.get_by_label("Reply to Eve").last.fill("Half a sentence")
    expect(page.get_by_text("Draft saved")).to_be_visible(timeout=6000)
    page.reload()
    expect(page.locator("#composer-text")).to_have_value("Half a sentence")


def test_a_slash_puts_in_a_canned_reply(visitor: Any, desk: Any, busy: Any) -> None:
    page = visitor(desk.sam).open(f"/{busy.number}")
    area = page.locator("#composer-text")
    area.click()
    page.keyboard.type("/wh", delay=40)
    with page.expect_response(lambda answer: answer.url.endswith("?q=whi")):
        page.keyboard.type("i")
    expect(page.get_by_role("option", name="Which model", selected=True)).to_be_visible()
    page.get_by_role("option", name="Which model").click()
    expect(area).to_have_value("Which model, Eve Ledger?")


def test_a_field_is_changed_where_it_stands(visitor: Any, desk: Any, busy: Any) -> None:
    page = visitor(desk.sam).open(f"/{busy.number}")
    page.get_by_role("link", name="Change Service").click()
    page.get_by_label("Service").select_option(label="Payroll")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is changed.")).to_be_visible()
    assert page.locator("dd", has_text="Payroll").count() == 1


def test_logging_for_somebody_by_picker(visitor: Any, desk: Any, busy: Any) -> None:
    page = visitor(desk.sam).open("/new/incident")
    page.locator("#requester").press_sequentially("eve", delay=30)
    page.get_by_role("option", name="Eve Ledger").click()
    page.get_by_label("What is wrong?").fill("Ticket gates again")
    page.get_by_label("Urgent").check()
    expect(page.get_by_text("It is urgent")).to_be_visible()
    expect(page.locator("#preview").get_by_text(LONG).first).to_be_visible()
    page.get_by_role("button", name="Log incident").click()
    expect(page.get_by_role("heading", name="Ticket gates again")).to_be_visible()
