"""Figures for Prometheus: counted in every process, served by the supervisor on its own port."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

REQUESTS = Counter("brigade_http_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "brigade_http_request_seconds",
    "Seconds until an answer was ready.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request. `route` is the pattern, never the path, so that labels stay few."""
    known = method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "OTHER"
    REQUESTS.labels(known, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


class InstallationCollector(Collector):
    """What the database knows: how the outbox stands, how long workers have been silent."""

    def collect(self) -> Iterator[Metric]:
        """Ask the database at each scrape."""
        from django.db import connection

        from brigade.kernel import instants
        from brigade.kernel.live.queries import listeners
        from brigade.kernel.outbox import queries

        now = instants.now()
        try:
            health = queries.outbox_health(now)
            beats = queries.heartbeats()
            listening = listeners()
        finally:
            connection.close()
        messages = GaugeMetricFamily(
            "brigade_outbox_messages", "Messages that have not left.", labels=["state"]
        )
        for state in ("waiting", "failed", "dead", "withheld"):
            messages.add_metric([state], getattr(health, state))
        yield messages
        late = (now - health.oldest_due).total_seconds() if health.oldest_due else 0
        yield GaugeMetricFamily(
            "brigade_outbox_overdue_seconds", "How long the oldest due message waits.", late
        )
        silent = GaugeMetricFamily(
            "brigade_worker_silent_seconds",
            "Seconds since a worker showed life.",
            labels=["worker"],
        )
        for beat in beats:
            silent.add_metric([beat.name], (now - beat.beat_at).total_seconds())
        yield silent
        streams = GaugeMetricFamily(
            "brigade_live_streams", "Open pages that hear what changes.", labels=["process"]
        )
        for name, count in listening:
            streams.add_metric([name], count)
        yield streams


def prepare(folder: Path) -> None:
    """Empty the folder that the processes count in, and name it to those started from here."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[SHARED_FOLDER] = str(folder)


def serve(host: str, port: int) -> None:
    """Serve `/metrics` from a thread of this process. Raises OSError when the port is taken."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(InstallationCollector())
    start_http_server(port, addr=host, registry=registry)
