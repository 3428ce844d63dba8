"""Forgetting what has run out."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from brigade.kernel.live.presence import forget_gone
from brigade.kernel.outbox.heartbeat import forget_silent
from brigade.kernel.records.idempotency import forget_old_answers
from brigade.kernel.work.drafts import drop_expired_drafts

SILENT_WORKER = timedelta(days=1)


def forget_expired(*, now: datetime) -> None:
    """Forget ended sessions, old drafts, answers kept for repeated requests, dead workers."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    drop_expired_drafts(at=now)
    forget_old_answers(now=now)
    forget_silent(before=now - SILENT_WORKER)
    forget_gone(before=now - SILENT_WORKER)
