"""Pages of services in a real browser, as those see them who ask for something."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_and_nothing_scrolls_sideways(visitor: Any, busy: Any) -> None:
    one = visitor(busy.eve)
    for address in ("/services", "/services/erp-finance"):
        assert faults(one.look(address)) == [], address
    assert one.problems == []
