"""Messages are taken by one worker at a time, and what became of them is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from brigade.kernel.outbox import reasons
from brigade.kernel.outbox.backoff import MAX_ATTEMPTS
from brigade.kernel.outbox.delivery import Outcome
from brigade.kernel.outbox.models import Message
from brigade.kernel.outbox.rows import OutboxRow
from brigade.kernel.outbox.writes import LEASE, claim, claim_abandoned, settle
from tests.kernel.outbox.letterbox import NOON, open_errand, person, say

pytestmark = pytest.mark.django_db
MAIL = ["mail"]


def queue(count: int = 1, **facts: object) -> list[Message]:
    return [
        Message.objects.create(
            **{
                "channel": "mail", "topic": "reset", "dedupe_key": f"key-{n}",
                "address": "a@example.org", "created_at": NOON, "next_attempt_at": NOON,
            } | facts
        )
        for n in range(count)
    ]  # fmt: skip


def test_the_hot_statement_queues_rows_named_after_the_entry() -> None:
    dana = person("Dana Whitlock")
    record = open_errand(
        "Printer", by=dana,
        rows=[OutboxRow("mail", "opened", recipient_id=dana.pk, hold_seconds=10)],
    )  # fmt: skip
    say(record, "more", by=dana, rows=[OutboxRow("notice", "answered", recipient_id=dana.pk)])
    opened, answered = Message.objects.order_by("id")
    assert opened.dedupe_key == f"mail:opened:{record.pk}:1:{dana.pk}"
    assert opened.next_attempt_at == NOON + timedelta(seconds=10)
    assert (opened.state, opened.attempts, opened.reason, opened.payload) == ("queued", 0, "", {})
    assert answered.dedupe_key == f"notice:answered:{record.pk}:2:{dana.pk}"
    assert opened.record_id == record.pk and opened.entry_id and answered.entry_id


def test_a_held_message_is_not_taken_before_its_time() -> None:
    queue(next_attempt_at=NOON + timedelta(seconds=10))
    assert claim(10, channels=MAIL, now=NOON + timedelta(seconds=9)) == []
    assert len(claim(10, channels=MAIL, now=NOON + timedelta(seconds=10))) == 1


def test_a_claimed_message_is_left_to_its_worker_until_the_lease_ends() -> None:
    queue(3)
    held = claim(2, channels=MAIL, now=NOON)
    assert [m.dedupe_key for m in held] == ["key-0", "key-1"]
    assert [m.dedupe_key for m in claim(9, channels=MAIL, now=NOON)] == ["key-2"]
    assert claim_abandoned(channels=MAIL, now=NOON + LEASE - timedelta(seconds=1)) == []


def test_what_a_dead_worker_held_is_taken_one_at_a_time_and_counted() -> None:
    queue(2)
    claim(9, channels=MAIL, now=NOON)
    again = claim_abandoned(channels=MAIL, now=NOON + LEASE)
    assert [(m.dedupe_key, m.attempts) for m in again] == [("key-0", 2)]
    assert claim(9, channels=MAIL, now=NOON + LEASE) == []


def test_channels_that_nobody_delivers_stay_queued() -> None:
    queue(channel="webhook")
    assert claim(9, channels=MAIL, now=NOON) == []
    assert Message.objects.get().state == "queued"


def test_sent_keeps_the_instant_and_drops_the_secret() -> None:
    queue(payload={"secret": {"link": "https://x/token"}, "expires_at": None})
    [held] = claim(1, channels=MAIL, now=NOON)
    assert held.payload["secret"] == {"link": "https://x/token"}
    settle([Outcome(held, "sent")], now=NOON)
    message = Message.objects.get()
    assert (message.state, message.sent_at, message.claimed_until) == ("sent", NOON, None)
    assert message.payload == {"expires_at": None}


def test_failed_waits_longer_each_time_and_ends_in_dead() -> None:
    queue()
    now, waits = NOON, []
    for _attempt in range(MAX_ATTEMPTS):
        [held] = claim(1, channels=MAIL, now=now)
        settle([Outcome(held, "failed", reasons.TEMPORARY, "451 later\0")], now=now)
        message = Message.objects.get()
        if message.state == "failed":
            waits.append((message.next_attempt_at - now).total_seconds())
            now = message.next_attempt_at
    assert (message.state, message.reason) == ("dead", reasons.GIVEN_UP)
    assert message.last_error == "451 later"
    assert 15 <= waits[0] <= 45 and max(waits) <= 9 * 3600
    assert waits[8] > waits[2] > waits[0]
    assert claim(9, channels=MAIL, now=now + timedelta(days=30)) == []


def test_a_worker_that_lost_its_lease_can_only_report_what_it_sent() -> None:
    queue(2)
    first, second = claim(9, channels=MAIL, now=NOON)
    claim_abandoned(channels=MAIL, now=NOON + LEASE)
    claim_abandoned(channels=MAIL, now=NOON + LEASE)
    late = [Outcome(first, "failed", reasons.TEMPORARY, "slow"), Outcome(second, "sent")]
    settle(late, now=NOON + LEASE)
    states = dict(Message.objects.values_list("dedupe_key", "state"))
    assert states == {"key-0": "queued", "key-1": "sent"}


def test_a_message_given_back_untried_costs_no_attempt() -> None:
    queue()
    [held] = claim(1, channels=MAIL, now=NOON)
    settle([Outcome(held, "queued")], now=NOON)
    [again] = claim(1, channels=MAIL, now=NOON)
    assert again.attempts == 1


@pytest.mark.parametrize("state", ["dead", "withheld"])
def test_nothing_is_left_unsent_without_a_reason(state: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        queue(state=state)


def test_the_claim_reads_one_index() -> None:
    queue(3)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            "explain select id from outbox_message where state in ('queued', 'failed')"
            " and next_attempt_at <= now() and claimed_until is null order by next_attempt_at, id"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "outbox_message_due" in plan and "Sort" not in plan
