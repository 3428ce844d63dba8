"""The settings in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.outbox.actions import suppress
from brigade.kernel.parties import actions
from tests.web.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_and_nothing_scrolls_sideways(visitor: Any, busy: Any) -> None:
    actions.grant_role(busy.tom, "team_lead", by=busy.ada, reason="From December.")
    suppress("gone@meridian.example", why="Left.", by=busy.ada)
    one = visitor(busy.amos)
    for page_name in ("/rights", "/mail"):
        assert faults(one.look(f"/settings{page_name}")) == [], page_name
    assert one.problems == []
