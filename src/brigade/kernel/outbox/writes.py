"""The statements of the outbox loop: take what is due, write down what became of it."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from brigade.kernel.outbox import reasons
from brigade.kernel.outbox.backoff import MAX_ATTEMPTS, wait_before_next
from brigade.kernel.outbox.delivery import Claimed, Outcome

LEASE = timedelta(minutes=10)
"""How long a claimed message is left to its worker before another may take it."""

_CLAIM = """
    UPDATE outbox_message AS message
       SET claimed_until = %(until)s, attempts = message.attempts + 1
      FROM (SELECT id FROM outbox_message
             WHERE state IN ('queued', 'failed') AND next_attempt_at <= %(now)s
               AND channel = ANY(%(channels)s) AND {held}
             ORDER BY next_attempt_at, id LIMIT %(batch)s
               FOR UPDATE SKIP LOCKED) AS due
     WHERE message.id = due.id
    RETURNING message.id, channel, topic, dedupe_key, record_id, entry_id, recipient_id,
              address, payload, attempts, claimed_until, created_at
"""
_CLAIM_FRESH = _CLAIM.format(held="claimed_until IS NULL")
_CLAIM_ABANDONED = _CLAIM.format(held="claimed_until <= %(now)s")

_SETTLE = """
    UPDATE outbox_message AS message
       SET state = settled.state, reason = settled.reason, last_error = settled.error,
           next_attempt_at = coalesce(settled.next_attempt_at, message.next_attempt_at),
           attempts = message.attempts - settled.untried,
           sent_at = settled.sent_at, claimed_until = NULL,
           payload = CASE WHEN settled.state = 'sent' THEN message.payload - 'secret'
                          ELSE message.payload END
      FROM jsonb_to_recordset(%(rows)s) AS settled(
           id bigint, state text, reason text, error text, untried int,
           next_attempt_at timestamptz, sent_at timestamptz, claimed_until timestamptz)
     WHERE message.id = settled.id AND message.state <> 'sent'
       AND (settled.state = 'sent' OR message.claimed_until = settled.claimed_until)
"""


def claim(
    batch: int, *, channels: Sequence[str], now: datetime, lease: timedelta = LEASE
) -> list[Claimed]:
    """Take up to `batch` messages that are due, oldest first, for `lease` from `now`.

    Two workers never hold the same message.
    """
    return _take(_CLAIM_FRESH, batch, channels=channels, now=now, lease=lease)


def claim_abandoned(
    *, channels: Sequence[str], now: datetime, lease: timedelta = LEASE
) -> list[Claimed]:
    """Take one message whose worker died with it.

    One alone, because it may be what the worker died of: its neighbours must
    not use up their attempts together with it.
    """
    return _take(_CLAIM_ABANDONED, 1, channels=channels, now=now, lease=lease)


def _take(
    statement: str,
    batch: int,
    *,
    channels: Sequence[str],
    now: datetime,
    lease: timedelta,
) -> list[Claimed]:
    parameters: dict[str, Any] = {
        "now": now,
        "until": now + lease,
        "channels": list(channels),
        "batch": batch,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    rows.sort(key=lambda row: row["id"])
    return [Claimed(**row | {"payload": json.loads(row["payload"])}) for row in rows]


def settle(outcomes: Sequence[Outcome], *, now: datetime) -> int:
    """Write down what became of messages, in one statement; return how many it changed.

    "Sent" is a fact and always kept. Anything else counts only from the worker
    that still holds the message: one that came back after its lease ran out
    cannot undo what another has done since.
    """
    if not outcomes:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        rows: Any = Jsonb([_settled(outcome, now) for outcome in outcomes])
        cursor.execute(_SETTLE, {"rows": rows})
        return int(cursor.rowcount)


def _settled(outcome: Outcome, now: datetime) -> dict[str, Any]:
    message, state, reason = outcome.message, outcome.state, outcome.reason
    if state == "failed" and message.attempts >= MAX_ATTEMPTS:
        state, reason = "dead", reasons.GIVEN_UP
    wait = wait_before_next(message.attempts, random.random())
    return {
        "id": message.id,
        "state": state,
        "reason": "" if state in ("sent", "queued") else reason,
        "error": outcome.error.replace("\0", "")[:2000],
        "untried": 1 if state == "queued" else 0,
        "next_attempt_at": (now + wait).isoformat() if state == "failed" else None,
        "sent_at": now.isoformat() if state == "sent" else None,
        "claimed_until": message.claimed_until.isoformat(),
    }
