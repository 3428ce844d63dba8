"""What the outbox loop hands to whoever delivers, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Settled = Literal["sent", "failed", "dead", "withheld", "queued"]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message held by one worker until `claimed_until`; others leave it alone till then.

    `attempts` counts this attempt. `dedupe_key` goes out with the message, so
    that its receiver can tell a second delivery from a second message.
    """

    id: int
    channel: str
    topic: str
    dedupe_key: str
    record_id: int | None
    entry_id: int | None
    recipient_id: int | None
    address: str
    payload: dict[str, Any]
    attempts: int
    claimed_until: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message.

    `failed` is tried again later, `dead` is not; `withheld` was never tried and
    says why; `queued` gives it back untried, for want of time.
    """

    message: Claimed
    state: Settled
    reason: str = ""
    error: str = ""


Deliverer = Callable[[Sequence[Claimed]], Iterator[list[Outcome]]]
"""Delivers the messages of one channel.

It yields outcomes in the order things happened, in lists as large as may be
lost and done again together: one by one where a second delivery is a nuisance,
all at once where it costs nothing.
"""
