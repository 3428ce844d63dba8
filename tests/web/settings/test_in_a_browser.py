"""The settings in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.outbox.actions import suppress
from brigade.kernel.parties import actions
from tests.web.browser import axe, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("size", "theme"),
    [("wide", "light"), ("wide", "dark"), ("phone", "light"), ("phone", "dark"),
     ("narrow", "light")],
)  # fmt: skip
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    visitor: Any, busy: Any, size: str, theme: str
) -> None:
    actions.grant_role(busy.tom, "team_lead", by=busy.ada, reason="From December.")
    suppress("gone@meridian.example", why="Left.", by=busy.ada)
    one = visitor(busy.amos, size=size, theme=theme)
    for page_name in ("", "/support", "/files", "/rights", "/tokens", "/mail"):
        page = one.open(f"/settings{page_name}")
        assert (page_name, axe(page), overflow(page)) == (page_name, [], 0)
    assert one.problems == []
