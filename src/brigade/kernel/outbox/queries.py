"""Reads of the outbox: its page, its figures for the health check, people's wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from brigade.kernel.outbox.access import may_see_every_message, may_see_outbox
from brigade.kernel.outbox.models import Message, MutedTopic, Suppression, WorkerHeartbeat
from brigade.kernel.parties.models import Person
from brigade.kernel.records.access import records_open_to_desk

UNSENT = ("queued", "failed", "dead", "withheld")
"""States that somebody may have to look at; counting what was sent would read all of it."""


def messages_visible_to(person: Person) -> QuerySet[Message]:
    """Return the messages a person may see, newest first.

    Who runs the installation or audits it sees all; a lead those of the records
    that are open to them in full; anybody else none.
    """
    found = Message.objects.select_related("recipient", "record").order_by("-id")
    if may_see_every_message(person):
        return found
    if not may_see_outbox(person):
        return found.none()
    return found.filter(record__in=records_open_to_desk(person).values("pk"))


def message_page(
    person: Person,
    *,
    state: str = "",
    channel: str = "",
    reason: str = "",
    before: int | None = None,
    size: int = 50,
) -> tuple[list[Message], int | None]:
    """Return a page of messages, newest first, and the `before` of the next one, if any."""
    found = messages_visible_to(person)
    if state:
        found = found.filter(state=state)
    if channel:
        found = found.filter(channel=channel)
    if reason:
        found = found.filter(reason=reason)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


def counts_by_state(person: Person) -> dict[str, int]:
    """Return how many messages stand in each state but `sent`, of those the person may see."""
    unsent = messages_visible_to(person).filter(state__in=UNSENT).order_by()
    counted = unsent.values("state").annotate(n=Count("id"))
    return {row["state"]: row["n"] for row in counted}


@dataclass(frozen=True, slots=True)
class OutboxHealth:
    """How the outbox stands: `oldest_due` is when the longest overdue message was due."""

    waiting: int
    failed: int
    dead: int
    withheld: int
    oldest_due: datetime | None


def outbox_health(now: datetime) -> OutboxHealth:
    """Return the outbox's figures for the health check; withheld counts what set-up would send."""
    due = Q(state__in=["queued", "failed"], next_attempt_at__lte=now)
    row = Message.objects.filter(state__in=UNSENT).aggregate(
        waiting=Count("id", filter=Q(state="queued")),
        failed=Count("id", filter=Q(state="failed")),
        dead=Count("id", filter=Q(state="dead")),
        withheld=Count("id", filter=Q(state="withheld", reason="not_set_up")),
        oldest_due=Min("next_attempt_at", filter=due),
    )
    return OutboxHealth(**row)


def heartbeats() -> list[WorkerHeartbeat]:
    """Return the workers that have shown life, the freshest first."""
    return list(WorkerHeartbeat.objects.order_by("-beat_at"))


def muted_topics(person: Person) -> set[str]:
    """Return the topics the person wants no mail about."""
    return set(MutedTopic.objects.filter(person=person).values_list("topic", flat=True))


def suppressions() -> QuerySet[Suppression]:
    """Return the addresses that get no mail, in order."""
    return Suppression.objects.order_by("address")
