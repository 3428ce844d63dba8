"""A running worker: jobs in the main thread's event loop; outbox, clocks, sign of life beside it.

A signal stops it in good order: jobs and messages that are begun are finished,
the rest is left to others.
"""

from __future__ import annotations

import asyncio
import threading

import structlog
from django.db import DatabaseError, InterfaceError, connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from brigade.jobs import clock_loop, live_relay, schedule
from brigade.jobs.outbox_loop import OutboxLoop, deliverers
from brigade.kernel import instants
from brigade.kernel.outbox import heartbeat

log = structlog.get_logger(__name__)

CONCURRENCY = 4
"""Jobs at once: a long import must not keep timers waiting."""

SHUTDOWN_SECONDS = 20.0
"""How long a stopping worker waits for jobs before it leaves them to the reaper."""


def run(*, name: str) -> None:
    """Run jobs, outbox, clocks and sign of life under `name` until SIGTERM or SIGINT."""
    stop = threading.Event()
    loop = OutboxLoop(deliverers())
    threads = [
        threading.Thread(target=loop.run, args=(stop,), name="outbox"),
        threading.Thread(target=clock_loop.follow, args=(stop,), name="clocks"),
        threading.Thread(target=live_relay.run, args=(stop,), name="live"),
        threading.Thread(target=_show_life, args=(name, loop, stop), name="heartbeat"),
    ]
    log.info("worker_started", worker=name, tasks=len(schedule.app.tasks))
    for thread in threads:
        thread.start()
    try:
        with app.replace_connector(DjangoConnector().get_worker_connector()) as worker_app:
            asyncio.run(_work(worker_app, name))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        log.info("worker_stopped", worker=name)


async def _work(worker_app: App, name: str) -> None:
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            name=name, concurrency=CONCURRENCY, shutdown_graceful_timeout=SHUTDOWN_SECONDS
        )


def _show_life(name: str, loop: OutboxLoop, stop: threading.Event) -> None:
    started_at = instants.now()
    while not stop.is_set():
        try:
            heartbeat.beat(name, started_at=started_at, at=instants.now(), outbox_at=loop.turned_at)
        except (DatabaseError, InterfaceError) as error:
            log.warning("heartbeat_database_trouble", error=str(error))
            connection.close()
        stop.wait(heartbeat.EVERY.total_seconds())
    try:
        heartbeat.forget(name)
    except (DatabaseError, InterfaceError) as error:
        log.warning("heartbeat_database_trouble", error=str(error))
    connection.close()
