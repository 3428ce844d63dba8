"""The head of IT hears every month what one person alone approved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from brigade.jobs.self_approvals import tell_head
from brigade.kernel.instants import at_instant
from brigade.kernel.outbox.models import Message
from brigade.kernel.parties import actions
from brigade.kernel.recipes.small_team import approve_alone, choose_small_team

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 31, 12, tzinfo=UTC)
FIRST_OF_APRIL = datetime(2026, 4, 1, 3, 40, tzinfo=UTC)


def test_the_month_that_is_over_is_told_once_it_has_something() -> None:
    with at_instant(MARCH - timedelta(days=60)):
        ana = actions.create_first_admin(email="ana@small.example", name="Ana")
        choose_small_team(["S8"], by=ana, reason="Two of us.", head=ana)
    assert tell_head(now=FIRST_OF_APRIL) == 0
    for moment in (MARCH, FIRST_OF_APRIL):
        with at_instant(moment):
            approve_alone("S8", by=ana, reason="Ben is ill.", subject="recipe_draft",
                          subject_id=1, title="Incident 2.0.0+1")  # fmt: skip
    with at_instant(FIRST_OF_APRIL):
        assert tell_head(now=FIRST_OF_APRIL) == 1
    mail = Message.objects.get(recipient=ana, topic="account")
    told = mail.payload["secret"]
    assert told["subject"] == "1 approval by one person alone"
    assert told["text"] == "2026-03-31, S8: Incident 2.0.0+1. Ana: Ben is ill."
