"""Requests that may arrive twice and take effect once.

A program that heard no answer sends its request again, under the same key. The
key's row is written first, in the transaction of the work itself: whoever comes
second waits for the first to end, then gets its answer, or does the work if the
first one came to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.records.models import IdempotencyKey
from brigade.kernel.refused import Invalid

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a request: status, a body of plain values, and headers of its own."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def once(
    person: Person, key: str, request_hash: str, work: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """Do `work` once for this person and key; return its answer and whether it is a replay.

    A refusal is not kept: nothing took effect, so the same request is decided
    anew. Raises Invalid where the key was used for another request.
    """
    now = instants.now()
    with transaction.atomic():
        mine = IdempotencyKey.objects.filter(person=person, key=key)
        mine.filter(made_at__lte=now - KEPT).delete()
        try:
            with transaction.atomic():
                row = IdempotencyKey.objects.create(
                    person=person, key=key, request_hash=request_hash, made_at=now
                )
        except IntegrityError:
            return _kept(mine.get(), request_hash), True
        answer = work()
        row.status = answer.status
        row.answer = {"body": answer.body, "headers": answer.headers}
        row.save(update_fields=["status", "answer"])
    return answer, False


def _kept(row: IdempotencyKey, request_hash: str) -> Answer:
    if row.request_hash != request_hash or row.status is None or row.answer is None:
        raise Invalid(
            "key_used",
            _("This key was used for another request. Take a new key for each request."),
            "Idempotency-Key",
        )
    return Answer(row.status, row.answer["body"], dict(row.answer["headers"]))


def forget_old_answers(*, now: datetime) -> int:
    """Forget answers that are kept no longer; returns how many."""
    return IdempotencyKey.objects.filter(made_at__lte=now - KEPT).delete()[0]
