"""A process owner who has never seen YAML changes a recipe, in a real browser and by keyboard.

Petra adds a state and a field that must be filled in there, sees what would become of the 64
records under way, and approves it. Ada, who wrote none of it, publishes it; the records
come along, and it is rolled back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.instants import now
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.queries import recipe_for
from brigade.kernel.work.versions.queries import standings_of
from tests.cast import Cast
from tests.kernel.work.many import Life, pour
from tests.web.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/recipes/incident/draft"
START = (10, "moved", "start", {"state": ["new", "active"]})


@pytest.fixture
def house(desk: Cast) -> Cast:
    """Incident management is Petra's, with 64 records under way: 20 new, 44 in progress."""
    standard_calendars(by=desk.operator)
    adoption = adopt("incident", by=desk.ada, owner=desk.petra, rationale="Restore.")
    values = {"requester": desk.eve.pk, "customer": desk.finance.pk, "team": desk.service_desk.pk,
              "priority": 4}  # fmt: skip
    opened = now() - timedelta(days=2)
    lives = [Life(20, opened, values), Life(44, opened, values, [START], actor=desk.sam.pk)]
    assert adoption.version_id is not None
    with transaction.atomic():
        pour("incident", adoption.version_id, lives)
    return desk


def press(page: Any, role: str, name: str) -> None:
    """Take a link or a button by the keyboard, and wait for where it leads."""
    with page.expect_navigation():
        page.get_by_role(role, name=name, exact=True).first.focus()
        page.keyboard.press("Enter")


def fill(page: Any, **fields: str) -> None:
    for name, text in fields.items():
        box = page.locator(f"#form [name={name}]")
        box.focus()
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=text)
        else:
            page.keyboard.type(text)


def under_way() -> dict[str, int]:
    return {one.version.version: one.running for one in standings_of("incident") if one.running}


def test_a_state_is_added_tried_published_and_rolled_back(visitor: Any, house: Cast) -> None:
    one, two = visitor(house.petra), visitor(house.ada)
    for each in (one, two):
        each.page.set_default_timeout(60_000)  # a replay takes its time
    page = one.open("/recipes/incident")
    press(page, "button", "Change it")
    written(page)
    tried(page)
    approved(page)

    published(two.open(PAGE))
    rolled_back(two.page)
    assert one.problems == [] and two.problems == []


def written(page: Any) -> None:
    """A state drawn between two others, and a field that must be filled in there."""
    press(page, "link", "State")
    fill(page, name="Verify fix", step_in="Fix ready", to="Resolved", step_out="Confirmed",
         why="Callers confirm")  # fmt: skip
    page.locator("#form [name=from]").select_option(label="In progress")
    press(page, "button", "Keep in the draft")
    assert page.get_by_role("heading", name="Verify fix").is_visible()
    drawn = page.locator("svg a", has_text="Verify fix")
    assert "add" in str(drawn.locator("[class*=node]").first.get_attribute("class"))

    press(page, "link", "Field")
    fill(page, name="What was checked", when="In one state only", required_state="Verify fix",
         why="The next shift knows")  # fmt: skip
    assert faults(page) == []
    press(page, "button", "Keep in the draft")
    page.goto(f"{page.url.partition('?')[0]}?state=verify_fix")
    assert "What was checked" in page.locator("dl.facts").first.inner_text()
    assert "64 records under way" in page.locator("main").inner_text()
    assert "Callers confirm" in page.locator(".diff").inner_text()
    page.get_by_role("link", name="As text").click()
    assert "facets.core.states.verify_fix" in page.locator("[name=text]").input_value()


def tried(page: Any) -> None:
    """What would become of the records under way, and of the last 90 days."""
    press(page, "link", "Try it")
    told = page.locator("#under-way").inner_text()
    assert "64 records are under way. 64 can come along. 0 stay pinned." in told
    press(page, "button", "Replay")
    assert "0 of 64 records (0.0 %)" in page.locator("#replay").inner_text()


def approved(page: Any) -> None:
    """Submitted, and decided by whoever answers for the practice; nobody else may publish it."""
    page.goto(page.url.partition("/simulation")[0] + "/draft")
    press(page, "button", "Submit")
    assert not page.get_by_role("button", name="Publish").count()
    page.locator("[name=statement]").focus()
    page.keyboard.type("We tried it for a week.")
    press(page, "button", "Approve")
    assert "We tried it for a week." in page.locator("main").inner_text()


def published(page: Any) -> None:
    """A second person lets it run; what becomes of the records under way is asked at once."""
    assert faults(page) == []
    press(page, "button", "Publish")
    assert page.url.endswith("/recipes/incident/running")
    assert "64 records are under way with older versions." in page.locator("#plan").inner_text()
    assert recipe_for("incident").required_fields("verify_fix") >= {"what_was_checked"}
    press(page, "button", "Move them")
    assert under_way() == {recipe_for("incident").version: 64}


def rolled_back(page: Any) -> None:
    """One press brings back what ran before; the records keep theirs until they are moved."""
    before = recipe_for("incident").version
    press(page, "button", "Go back to 2.0.0")
    assert "verify_fix" not in recipe_for("incident").states
    assert under_way() == {before: 64}
    press(page, "button", "Move them")
    assert under_way() == {recipe_for("incident").version: 64}
