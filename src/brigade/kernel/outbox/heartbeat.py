"""A worker's sign of life."""

from __future__ import annotations

from datetime import datetime, timedelta

from brigade.kernel.outbox.models import WorkerHeartbeat

EVERY = timedelta(seconds=10)
"""How often a worker shows life; three missed ones mean it is gone."""


def beat(name: str, *, started_at: datetime, at: datetime, outbox_at: datetime | None) -> None:
    """Write down that the worker `name` lives at `at`, and when its outbox loop last turned."""
    WorkerHeartbeat.objects.update_or_create(
        name=name, defaults={"started_at": started_at, "beat_at": at, "outbox_at": outbox_at}
    )


def forget(name: str) -> None:
    """Take the worker off the list, when it stops in good order."""
    WorkerHeartbeat.objects.filter(name=name).delete()


def forget_silent(*, before: datetime) -> int:
    """Take off the list the workers last seen before `before`; return how many."""
    gone, _detail = WorkerHeartbeat.objects.filter(beat_at__lt=before).delete()
    return gone
