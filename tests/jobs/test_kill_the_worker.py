"""kill -9 of a worker anywhere: nothing is lost, and nothing takes effect twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from tests.integrations.mail.sink import Sink, mail_sink
from tests.jobs.conftest import WORKER, Databases

POINTS = (
    "before_claim", "inside_claim", "after_claim", "before_connect", "after_connect",
    "before_data", "after_data", "inside_settle", "after_settle", "after_last_mail",
    "after_notices", "after_turn",
)  # fmt: skip


@pytest.fixture(scope="module")
def workers(databases: Databases) -> Iterator[tuple[subprocess.Popen[str], Sink]]:
    """A process that has workers killed, and where their mail goes."""
    environment, _conninfo = databases.make("jobs_killed", like="jobs_seeded")
    with mail_sink() as (sink, port):
        environment |= {
            "BRIGADE_MAIL_HOST": "127.0.0.1",
            "BRIGADE_MAIL_PORT": str(port),
            "BRIGADE_MAIL_TLS": "none",
        }
        command = [sys.executable, str(WORKER), "die"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, env=environment, text=True, **pipes) as process:
            yield process, sink
            process.stdin.close()  # type: ignore[union-attr]


@pytest.mark.parametrize("point", POINTS)
def test_every_message_arrives_and_has_one_effect(
    point: str, databases: Databases, workers: tuple[subprocess.Popen[str], Sink]
) -> None:
    process, sink = workers
    assert process.stdin and process.stdout
    sink.envelopes.clear()
    _environment, conninfo = databases.make("jobs_killed", like="jobs_seeded")
    process.stdin.write(f"{point} jobs_killed\n")
    process.stdin.flush()
    assert process.stdout.readline() == "ended\n"

    with psycopg.connect(conninfo) as connection:
        rows = connection.execute("select channel, state from outbox_message").fetchall()
        notices = connection.execute("select count(*) from outbox_notice").fetchone()
    assert sorted(rows) == [("mail", "sent")] * 3 + [("notice", "sent")] * 2
    assert notices == (2,)
    ids = [mail["Message-ID"] for mail in sink.mails]
    assert len(set(ids)) == 3, "each mail arrived, and a repeated one is known by its id"
    assert len(ids) <= 4, "at most the mail that was under way came twice"
