"""kill -9 of a worker anywhere: nothing is lost, and nothing takes effect twice."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from tests.integrations.mail.sink import mail_sink
from tests.jobs.conftest import WORKER

POINTS = (
    "before_claim", "inside_claim", "after_claim", "before_connect", "after_connect",
    "before_data", "after_data", "inside_settle", "after_settle", "after_last_mail",
    "after_notices", "after_turn",
)  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_every_message_arrives_and_has_one_effect(
    point: str, seeded_database: tuple[dict[str, str], str]
) -> None:
    environment, conninfo = seeded_database
    with mail_sink() as (sink, port):
        environment |= {
            "BRIGADE_MAIL_HOST": "127.0.0.1",
            "BRIGADE_MAIL_PORT": str(port),
            "BRIGADE_MAIL_TLS": "none",
        }
        command = [sys.executable, WORKER, "die", point]
        subprocess.run(command, env=environment, timeout=60, check=True)

    with psycopg.connect(conninfo) as connection:
        rows = connection.execute("select channel, state from outbox_message").fetchall()
        notices = connection.execute("select count(*) from outbox_notice").fetchone()
    assert sorted(rows) == [("mail", "sent")] * 3 + [("notice", "sent")] * 2
    assert notices == (2,)
    ids = [mail["Message-ID"] for mail in sink.mails]
    assert len(set(ids)) == 3, "each mail arrived, and a repeated one is known by its id"
    assert len(ids) <= 4, "at most the mail that was under way came twice"
