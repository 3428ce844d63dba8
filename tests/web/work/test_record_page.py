"""The page of a record: who reads what of it, and what stands where."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_an_agent_reads_it(signed_in: Any, desk: Any, incident: Any) -> None:
    answer = signed_in(desk.sam).get(f"/{incident.number}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Ledger does not open" in text and "Since nine o" in text
    assert "Reply to Eve" in text and "Internal note" in text
    assert "Start work" in text and "Take it" in text
