"""The setup in a real browser: axe, narrow windows, and the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.parties.models import Installation, Team
from brigade.kernel.recipes.actions import adopt_provisionally
from tests.cast import Cast
from tests.web.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_and_nothing_scrolls_sideways(visitor: Any, cast: Cast) -> None:
    adopt_provisionally(by=cast.operator)
    one = visitor(cast.ada)
    page = one.look("/setup")
    page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    assert faults(page) == []
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Finish the setup").click()
    page.wait_for_load_state("networkidle")
    assert "Error" in page.title()
    assert faults(page) == []
    assert faults(one.look("/setup/example")) == []


def test_keys_alone_finish_it(visitor: Any, cast: Cast) -> None:
    adopt_provisionally(by=cast.operator)
    page = visitor(cast.ada, size="phone").open("/setup")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Northwind Trams")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: not address.endswith("/setup"))
    row = Installation.objects.get()
    assert row.name == "Northwind Trams" and row.setup_done_at is not None
    assert row.default_team == Team.objects.get(name="Service desk")
