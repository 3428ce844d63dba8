"""The inbox: what the outbox loop puts there, what a person reads there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from django.db.models import Q, QuerySet

from brigade.kernel.live.writes import tell_people
from brigade.kernel.outbox.delivery import Claimed, Outcome
from brigade.kernel.outbox.models import Notice
from brigade.kernel.outbox.receiving import read_deliveries, reason_against
from brigade.kernel.parties.models import Person
from brigade.kernel.records.access import Standing, visible_in
from brigade.kernel.records.holes import Kept, counted
from brigade.kernel.records.lists import KEPT


def deliver_notices(messages: Sequence[Claimed], /) -> Iterator[list[Outcome]]:
    """Put messages into inboxes, all at once; one that is there already stays as it is."""
    outcomes, notices = [], []
    for delivery in read_deliveries(messages):
        message = delivery.message
        against = reason_against(delivery)
        if against or message.recipient_id is None:
            outcomes.append(Outcome(message, "withheld", against or "no_address"))
            continue
        notices.append(
            Notice(
                key=message.dedupe_key,
                person_id=message.recipient_id,
                record_id=message.record_id,
                entry_id=message.entry_id,
                kind=message.topic,
                at=message.created_at,
            )
        )
        outcomes.append(Outcome(message, "sent"))
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    tell_people(notice.person_id for notice in notices)
    yield outcomes


def notices_for(
    person: Person, *, unread: bool = False, before: tuple[datetime, int] | None = None
) -> QuerySet[Notice]:
    """Return a person's notices, newest first, of records they may still see.

    `before` is the (at, id) of the last line of the page above; slice for size.
    """
    found = _seen_by(person).select_related("record")
    if unread:
        found = found.filter(read_at__isnull=True)
    if before is not None:
        at, id_ = before
        found = found.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(id__lt=id_)))
    return found.order_by("-at", "-id")


def unread_count(person: Person) -> int:
    """Return how many unread notices the person has, counted no further than 100."""
    ((amount,),) = _unread(Standing.of(person)).rows()
    return int(amount)


@lru_cache(maxsize=KEPT)
def _unread(standing: Standing) -> Kept:
    return counted(_seen_in(standing).filter(read_at__isnull=True), cap=100)


def mark_read(
    *,
    by: Person,
    at: datetime,
    notice_ids: Iterable[int] | None = None,
    record_id: int | None = None,
) -> int:
    """Mark notices of `by` as read: those named, those of one record, or all. Returns how many."""
    mine = Notice.objects.filter(person=by, read_at__isnull=True)
    if notice_ids is not None:
        mine = mine.filter(pk__in=list(notice_ids))
    if record_id is not None:
        mine = mine.filter(record_id=record_id)
    return mine.update(read_at=at)


def _seen_by(person: Person) -> QuerySet[Notice]:
    return _seen_in(Standing.of(person))


def _seen_in(standing: Standing) -> QuerySet[Notice]:
    mine = Notice.objects.filter(person_id=standing.person_id)
    return mine.filter(Q(record__isnull=True) | Q(record__in=visible_in(standing).values("pk")))
