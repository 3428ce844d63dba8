"""Forgetting what has run out."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from brigade.kernel.outbox.heartbeat import forget_silent
from brigade.kernel.work.drafts import drop_expired_drafts

SILENT_WORKER = timedelta(days=1)


def forget_expired(*, now: datetime) -> None:
    """Forget sessions that have ended, drafts nobody came back to, workers silent for a day."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    drop_expired_drafts(at=now)
    forget_silent(before=now - SILENT_WORKER)
