"""The worker as `brigade serve` runs it: shows life, sends, hands on dead workers' jobs, stops."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app

from brigade.jobs import reaper, schedule, upkeep
from brigade.kernel import instants
from brigade.kernel.outbox import heartbeat
from brigade.kernel.outbox.queries import heartbeats
from brigade.kernel.records.audit import verify
from tests.integrations.mail.sink import mail_sink

START = [
    sys.executable,
    "-c",
    "import django; django.setup(); import tests.kernel.outbox.letterbox;"
    "from brigade.jobs.worker import main; main()",
]
"""The product's own entry, after the kind of record that these tests use is made known."""


def wait_for(what: Callable[[], object], seconds: float = 20.0) -> object:
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)
    return found


def test_it_shows_life_sends_what_is_due_and_stops_when_told(
    seeded_database: tuple[dict[str, str], str],
) -> None:
    environment, conninfo = seeded_database
    with mail_sink() as (sink, port), psycopg.connect(conninfo, autocommit=True) as connection:
        environment |= {
            "BRIGADE_MAIL_HOST": "127.0.0.1",
            "BRIGADE_MAIL_PORT": str(port),
            "BRIGADE_MAIL_TLS": "none",
        }
        connection.execute("update outbox_message set next_attempt_at = now()")
        worker = subprocess.Popen(START, env=environment)
        try:
            alive = "select name from outbox_workerheartbeat"
            wait_for(lambda: connection.execute(alive).fetchone())
            wait_for(lambda: len(sink.mails) == 3)
            jobs = "select 1 from procrastinate_jobs where task_name = 'fire_due_timers'"
            wait_for(lambda: connection.execute(jobs).fetchone(), 40)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
        finally:
            worker.kill()
            worker.wait()
        assert connection.execute(alive).fetchone() is None, "it took itself off the list"
        left = connection.execute("select count(*) from outbox_message where state <> 'sent'")
        assert left.fetchone() == (0,)


@pytest.mark.django_db
class TestTheReaper:
    def stalled(self, attempts: int) -> int:
        """Queue a job and leave it as a worker that died would have."""
        from django.db import connection

        job = app.configure_task("seal_journal").defer(timestamp=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into procrastinate_workers (last_heartbeat)"
                " values (now() - interval '1 hour') returning id"
            )
            worker = cursor.fetchone()[0]
            cursor.execute(
                "update procrastinate_jobs set status = 'doing', attempts = %s, worker_id = %s"
                " where id = %s",
                [attempts, worker, job],
            )
        return job

    def state_of(self, job: int) -> tuple[str, int]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("select status, attempts from procrastinate_jobs where id = %s", [job])
            return cursor.fetchone()

    def test_puts_a_dead_workers_job_back(self) -> None:
        job = self.stalled(attempts=0)
        assert async_to_sync(reaper.reap)() == (1, 0)
        assert self.state_of(job) == ("todo", 1)
        assert async_to_sync(reaper.reap)() == (0, 0)

    def test_gives_up_a_job_that_workers_die_of(self) -> None:
        job = self.stalled(attempts=reaper.MAX_ATTEMPTS - 1)
        assert async_to_sync(reaper.reap)() == (0, 1)
        assert self.state_of(job)[0] == "failed"

    def test_forgets_what_ended_long_ago(self) -> None:
        async_to_sync(reaper.forget_finished)()


@pytest.mark.django_db
class TestTheSchedule:
    def test_names_every_periodic_task_once(self) -> None:
        names = [task.task.name for task in app.periodic_registry.periodic_tasks.values()]
        assert sorted(names) == [
            "extend_calendars", "fire_due_timers", "follow_approvals", "follow_decisions",
            "forget_old_jobs", "freeze_figures", "reap_stalled_jobs", "seal_journal", "tell_head",
            "tidy_up",
        ]  # fmt: skip

    def test_its_tasks_run_and_may_run_twice(self) -> None:
        for _twice in range(2):
            schedule.fire_due_timers(timestamp=0)
            schedule.follow_approvals(timestamp=0)
            schedule.follow_decisions(timestamp=0)
            schedule.seal_journal(timestamp=0)
            schedule.tidy_up(timestamp=0)
        assert verify().holds

    def test_forgets_workers_that_are_long_gone(self) -> None:
        now = instants.now()
        heartbeat.beat("old", started_at=now, at=now - timedelta(days=2), outbox_at=None)
        heartbeat.beat("new", started_at=now, at=now, outbox_at=now)
        upkeep.forget_expired(now=now)
        assert [row.name for row in heartbeats()] == ["new"]
