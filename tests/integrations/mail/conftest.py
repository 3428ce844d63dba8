"""A mail server to send to, and the loop that sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from brigade.jobs.outbox_loop import OutboxLoop, deliverers
from brigade.kernel import instants
from tests.integrations.mail.sink import Sink, mail_sink
from tests.kernel.outbox.letterbox import NOON, installation


@pytest.fixture
def sink(settings: object, db: None) -> Iterator[Sink]:
    """The installation's mail server."""
    installation()
    with mail_sink() as (found, port):
        for name, value in {
            "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port, "EMAIL_HOST_USER": "",
            "EMAIL_HOST_PASSWORD": "", "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False,
            "EMAIL_TIMEOUT": 5,
        }.items():  # fmt: skip
            setattr(settings, name, value)
        yield found


@pytest.fixture
def empty_outbox() -> Callable[..., None]:
    """Let the real loop turn once, `later` than noon."""

    def turn(later: timedelta = timedelta(minutes=1)) -> None:
        with instants.at_instant(NOON + later):
            OutboxLoop(deliverers()).turn()

    return turn
