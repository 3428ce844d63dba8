"""Pages of services in a real browser, for those who work here and those who ask."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "paul": ("/services", "/services/erp-finance", "/services/network", "/services/-/new",
             "/services/erp-finance/change", "/services/erp-finance/offerings/gold",
             "/csv/services"),
    "eve": ("/services", "/services/erp-finance", "/services/payroll"),
}  # fmt: skip


@pytest.mark.parametrize("who", ["paul", "eve"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visitor: Any, busy: Any, who: str) -> None:
    one = visitor(getattr(busy, who))
    for address in PAGES[who]:
        assert faults(one.look(address)) == [], address
    assert one.problems == []
