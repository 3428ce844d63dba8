"""The loop that empties the outbox: claim a batch, deliver it, write down what became of it.

It runs beside the job worker in the same process and asks once a second. What
is delivered but not yet written down when the process dies is delivered again
by another worker, under the same key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from brigade.integrations.mail.deliver import MailOut
from brigade.kernel import instants
from brigade.kernel.outbox import reasons, writes
from brigade.kernel.outbox.backoff import MAX_ATTEMPTS
from brigade.kernel.outbox.delivery import Claimed, Deliverer, Outcome
from brigade.kernel.outbox.notices import deliver_notices

log = structlog.get_logger(__name__)

BATCH = 50
IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 5.0
"""How long the loop rests while the database does not answer."""

Claim = Callable[[int, Sequence[str], datetime, timedelta], list[Claimed]]
Settle = Callable[[Sequence[Outcome], datetime], object]


def deliverers() -> dict[str, Deliverer]:
    """Return who delivers which channel. A channel without one stays queued."""
    return {"mail": MailOut(), "notice": deliver_notices}


def _claim(batch: int, channels: Sequence[str], now: datetime, lease: timedelta) -> list[Claimed]:
    fresh = writes.claim(batch, channels=channels, now=now, lease=lease)
    return fresh + writes.claim_abandoned(channels=channels, now=now, lease=lease)


def _settle(outcomes: Sequence[Outcome], now: datetime) -> int:
    return writes.settle(outcomes, now=now)


class OutboxLoop:
    """Turns until it is stopped. Its parts are given, so that each can be watched or broken."""

    def __init__(
        self,
        deliverers: Mapping[str, Deliverer],
        *,
        lease: timedelta = writes.LEASE,
        claim: Claim = _claim,
        settle: Settle = _settle,
    ) -> None:
        self.deliverers = deliverers
        self.lease = lease
        self.claim = claim
        self.settle = settle
        self.turned_at: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Turn until `stop` is set; a batch that is begun is finished first."""
        while not stop.is_set():
            rest = IDLE_SECONDS
            try:
                close_old_connections()
                if self.turn(stop):
                    rest = 0.0
            except (DatabaseError, InterfaceError) as error:
                log.warning("outbox_database_trouble", error=str(error))
                connection.close()
                rest = TROUBLE_SECONDS
            stop.wait(rest)
        connection.close()

    def turn(self, stop: threading.Event | None = None) -> int:
        """Claim and deliver once; return how many messages were claimed.

        Asked to stop, it gives back untried what it has not begun.
        """
        now = instants.now()
        claimed = self.claim(BATCH, list(self.deliverers), now, self.lease)
        for channel, messages in _by_channel(claimed).items():
            for outcomes in self._delivered(channel, messages, stop):
                self.settle(outcomes, instants.now())
        self.turned_at = instants.now()
        return len(claimed)

    def _delivered(
        self, channel: str, messages: Sequence[Claimed], stop: threading.Event | None
    ) -> Iterator[list[Outcome]]:
        open_ids = {message.id: message for message in messages}
        worn_out = [m for m in messages if m.attempts > MAX_ATTEMPTS]
        if worn_out:
            yield [Outcome(m, "dead", reasons.GIVEN_UP, _KILLED) for m in worn_out]
        fit = [m for m in messages if m.attempts <= MAX_ATTEMPTS]
        for message in worn_out:
            del open_ids[message.id]
        try:
            for outcomes in self.deliverers[channel](fit) if fit else ():
                for outcome in outcomes:
                    open_ids.pop(outcome.message.id, None)
                yield outcomes
                if stop is not None and stop.is_set():
                    break
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            log.exception("outbox_deliverer_failed", channel=channel)
            yield [
                Outcome(m, "failed", reasons.CANNOT_BE_WRITTEN, repr(error))
                for m in open_ids.values()
            ]
            return
        yield [Outcome(message, "queued") for message in open_ids.values()]


_KILLED = "Each attempt ended with the worker."


def _by_channel(messages: Sequence[Claimed]) -> dict[str, list[Claimed]]:
    found: dict[str, list[Claimed]] = {}
    for message in messages:
        found.setdefault(message.channel, []).append(message)
    return found
