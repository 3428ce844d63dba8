"""The verbs of the outbox that a person performs."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.outbox import reasons
from brigade.kernel.outbox.access import may_retry, may_suppress
from brigade.kernel.outbox.models import Message, MutedTopic, Suppression
from brigade.kernel.outbox.queries import messages_visible_to
from brigade.kernel.parties.models import Person
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused

log = structlog.get_logger(__name__)

MUTABLE = ("opened", "replied", "resolved", "reopened")
"""Topics of mail that a person may do without; resets and invitations always come."""


def _held(message_id: int, by: Person) -> Message:
    locked = Message.objects.select_for_update().filter(
        pk__in=messages_visible_to(by).filter(pk=message_id).order_by().values("pk")
    )
    message = locked.first()
    if message is None:
        raise Hidden("no_such_message", _("There is no such message."))
    return message


@transaction.atomic
def retry(message_id: int, *, by: Person) -> Message:
    """Send a message again that was given up, withheld or is waiting for its next attempt.

    It keeps its key, so that a receiver who did get it recognises it. Whether it
    may leave is asked afresh.
    """
    message = _held(message_id, by)
    if not may_retry(by):
        raise NotPermitted("not_permitted", _("You may look at messages but not send them."))
    if message.state not in ("dead", "withheld", "failed"):
        raise Refused("nothing_to_retry", _("This message is sent or about to be."))
    if message.reason in reasons.NEVER_AGAIN:
        raise Refused("never_again", reasons.explain(message.reason))
    now = instants.now()
    message.state, message.reason, message.attempts = "queued", "", 0
    message.next_attempt_at, message.claimed_until = now, None
    message.retried_at, message.retried_by = now, by
    message.save()
    log.info("outbox_retry", message=message.pk, topic=message.topic, by=by.pk)
    return message


@transaction.atomic
def retry_all(reason: str, *, by: Person) -> int:
    """Send again everything that one reason stopped, once its cause is mended."""
    if not may_retry(by):
        raise NotPermitted("not_permitted", _("You may look at messages but not send them."))
    if reason in reasons.NEVER_AGAIN:
        raise Refused("never_again", reasons.explain(reason))
    now = instants.now()
    stopped = messages_visible_to(by).filter(reason=reason, state__in=["dead", "withheld"])
    count = Message.objects.filter(pk__in=stopped.order_by().values("pk")).update(
        state="queued",
        reason="",
        attempts=0,
        next_attempt_at=now,
        claimed_until=None,
        retried_at=now,
        retried_by=by,
    )
    log.info("outbox_retry_all", reason=reason, count=count, by=by.pk)
    return count


def withdraw(record_id: int, entry_id: int, *, by: Person) -> int:
    """Take back the mail of an entry while it is still held; return how much was taken back.

    Called by the verb that undoes the entry, which has asked whether `by` may.
    """
    count = Message.objects.filter(
        record_id=record_id,
        entry_id=entry_id,
        state="queued",
        claimed_until__isnull=True,
        attempts=0,
    ).update(state="withheld", reason=reasons.WITHDRAWN)
    log.info("outbox_withdrawn", record=record_id, entry=entry_id, count=count, by=by.pk)
    return count


def suppress(address: str, *, why: str, by: Person) -> Suppression:
    """Send no more mail to an address: it does not exist, or its owner said no."""
    if not may_suppress(by):
        raise NotPermitted("not_permitted", _("Only an administrator can stop mail to an address."))
    tidy = address.strip().lower()
    if "@" not in tidy:
        raise Invalid("not_an_address", _("Give a mail address."), "address")
    if not why.strip():
        raise Invalid("reason_missing", _("Say why this address gets no mail."), "why")
    row, _made = Suppression.objects.update_or_create(
        address=tidy, defaults={"why": why.strip(), "at": instants.now(), "by": by}
    )
    return row


def lift_suppression(address: str, *, by: Person) -> None:
    """Send mail to an address again."""
    if not may_suppress(by):
        raise NotPermitted("not_permitted", _("Only an administrator can stop mail to an address."))
    Suppression.objects.filter(address=address.strip().lower()).delete()


def mute(topic: str, *, by: Person) -> None:
    """Stop the mail about a topic to oneself; the inbox still says it."""
    if topic not in MUTABLE:
        raise Invalid("unknown_topic", _("There is no such kind of mail to stop."), "topic")
    MutedTopic.objects.get_or_create(person=by, topic=topic)


def unmute(topic: str, *, by: Person) -> None:
    """Want the mail about a topic again."""
    MutedTopic.objects.filter(person=by, topic=topic).delete()
