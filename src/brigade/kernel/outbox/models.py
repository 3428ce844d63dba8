"""What must leave, what a person is told, and the sign of life of what sends it.

A message is written in the transaction that caused it and sent later by the
outbox loop, so that state and message are saved together or not at all.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The way a message takes."""

    MAIL = "mail", _("Mail")
    NOTICE = "notice", _("Inbox notice")
    WEBHOOK = "webhook", _("Webhook")
    EFFECT = "effect", _("Follow-up work")


class MessageState(models.TextChoices):
    """How far a message has come. `failed` is tried again by itself; `dead` is not."""

    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed, will be tried again")
    DEAD = "dead", _("Given up")
    WITHHELD = "withheld", _("Not sent")


class Message(models.Model):
    """One message to one receiver.

    `dedupe_key` names the happening and the receiver: the same key is never
    queued twice, and it travels with the message (Message-ID, Idempotency-Key)
    so that a message delivered twice has one effect. `payload` names things
    (ids, words) and never copies the text of an entry, which may be erased;
    what stands under its key `secret` (a sign-in link) is dropped once sent.
    """

    channel = models.CharField(max_length=16, choices=Channel.choices)
    topic = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=400, unique=True)
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, null=True, related_name="+"
    )
    entry_id = models.BigIntegerField(null=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    address = models.CharField(max_length=320, blank=True, db_default="")
    payload = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    state = models.CharField(
        max_length=16,
        choices=MessageState.choices,
        default=MessageState.QUEUED,
        db_default=MessageState.QUEUED,
    )
    reason = models.CharField(max_length=40, blank=True, db_default="")
    attempts = models.IntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, db_default="")
    retried_at = models.DateTimeField(null=True)
    retried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="outbox_message_due",
                condition=Q(state__in=["queued", "failed"]),
            ),
            models.Index(fields=["state", "-id"], name="outbox_message_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["dead", "withheld"]) | ~Q(reason=""),
                name="outbox_message_not_sent_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="outbox_message_sent_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.dedupe_key


class Notice(models.Model):
    """A line in a person's inbox; `key` is the message's, so that it arrives once."""

    key = models.CharField(max_length=400, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, null=True, related_name="+"
    )
    entry_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="outbox_notice_person"),
            models.Index(
                fields=["person"],
                name="outbox_notice_unread",
                condition=Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Suppression(models.Model):
    """An address that gets no mail: it does not exist, or its owner said no."""

    address = models.CharField(max_length=320, unique=True)
    why = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    def __str__(self) -> str:
        return self.address


class MutedTopic(models.Model):
    """A person's wish to get no mail about one topic; the inbox still says it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    topic = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], name="outbox_muted_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.topic}"


class WorkerHeartbeat(models.Model):
    """A worker's sign of life, read by the health check.

    `beat_at` moves while the process lives, `outbox_at` while its outbox loop
    turns: a loop that hangs in a live process shows as the difference.
    """

    name = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    outbox_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
