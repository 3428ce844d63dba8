"""What the keyboard does, what it must not do, and what works without any script."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.parties import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at_gallery(visitor: Any, person: Any) -> Any:
    page = visitor(person).open("/-/gallery")
    page.evaluate("() => document.activeElement.blur()")
    return page


def test_j_and_x_select_and_escape_clears(visitor: Any, cast: Any) -> None:
    page = at_gallery(visitor, cast.sam)
    bulk, filters = page.locator("[data-bulk]"), page.locator("[data-filters]")
    assert bulk.is_hidden() and filters.is_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("Shift+j")
    assert page.locator("tr.sel").count() == 2
    assert page.locator("[data-count]").text_content() == "2 selected"
    assert bulk.is_visible() and filters.is_hidden()
    page.keyboard.press("Escape")
    assert page.locator("tr.sel").count() == 0
    assert bulk.is_hidden()


def test_question_mark_lists_the_keys_and_escape_closes(visitor: Any, cast: Any) -> None:
    page = at_gallery(visitor, cast.sam)
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#keys").is_hidden()


def test_n_turns_the_composer_into_a_note(visitor: Any, cast: Any) -> None:
    page = at_gallery(visitor, cast.sam)
    page.keyboard.press("n")
    assert page.locator("[data-composer] input[value=internal]").is_checked()
    sent = page.locator("[data-composer] footer button:visible").first
    assert "Add note" in (sent.text_content() or "")
    page.keyboard.type("jxn?")
    assert page.locator("#composer-text").input_value() == "jxn?"
    assert page.locator("#keys").is_hidden()


def test_single_keys_can_be_turned_off(visitor: Any, cast: Any) -> None:
    actions.change_preferences(cast.sam, by=cast.sam, single_keys=False)
    page = at_gallery(visitor, cast.sam)
    for key in ("j", "x", "?"):
        page.keyboard.press(key)
    assert page.locator("tr.sel").count() == 0
    assert page.locator("#keys").is_hidden()


def test_a_second_press_sends_nothing_more(visitor: Any, cast: Any) -> None:
    page = visitor(cast.sam).open("/account")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    said = page.locator("form [data-busy=Saving]").evaluate(
        "button => { button.click(); button.click();"
        " return [button.textContent, button.getAttribute('aria-disabled')]; }"
    )
    page.get_by_text("Your preferences are saved.").wait_for()
    assert said == ["Saving", "true"]
    assert sent.count("POST") == 1


def test_the_picker_fills_the_field(visitor: Any, cast: Any) -> None:
    page = visitor(cast.sam).open("/account")
    page.locator("#timezone").fill("tokyo")
    page.locator("#timezone-list [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    assert page.locator("input[name=timezone]").input_value() == "Asia/Tokyo"
    page.get_by_role("button", name="Save preferences").click()
    page.get_by_text("Your preferences are saved.").wait_for()


def test_a_phone_opens_the_navigation_without_script(visitor: Any, cast: Any, browser: Any) -> None:
    one = visitor(cast.sam, size="phone")
    bare = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    bare.add_cookies(one.context.cookies())
    page = bare.new_page()
    page.goto(one.address + "/account")
    assert page.locator("#nav").is_hidden()
    page.get_by_role("link", name="Menu", exact=True).click()
    assert page.locator("#nav").is_visible()
    page.get_by_role("link", name="Close menu").click()
    assert page.locator("#nav").is_hidden()
    bare.close()


def test_what_is_written_is_kept_after_a_pause(visitor: Any, cast: Any) -> None:
    page = at_gallery(visitor, cast.sam)
    kept: list[str] = []

    def answer(route: Any) -> None:
        kept.append(route.request.post_data or "")
        route.fulfill(status=200, content_type="text/plain", body="Draft saved 14:49")

    page.route("**/sample/draft", answer)
    page.evaluate(
        "async () => { document.querySelector('[data-composer]').dataset.draft = '/sample/draft';"
        " (await import('brigade/drafts')).begin(document.body); }"
    )
    page.locator("#composer-text").fill("Thank you, Dana.")
    page.get_by_text("Draft saved 14:49").wait_for()
    assert len(kept) == 1
    assert "Thank you, Dana." in kept[0]
    assert "csrfmiddlewaretoken" not in kept[0]


def test_a_move_that_is_not_possible_says_why(visitor: Any, cast: Any) -> None:
    page = at_gallery(visitor, cast.sam)
    page.locator("[data-why]").click(force=True)
    words = "It is closed when the requester confirms."
    assert page.locator("#toasts").get_by_text(words).is_visible()
    assert "/-/gallery" in page.url
