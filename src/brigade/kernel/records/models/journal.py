"""The journal: history, audit trail, conversation and event feed at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

KINDS = (
    "opened",
    "moved",
    "changed",
    "said",
    "assigned",
    "linked",
    "attached",
    "task",
    "watched",
    "erased",
    "configured",
    "escalated",
    "timed",
    "clocks",
    "approval",
    "migrated",
)
VISIBILITIES = ("public", "internal", "provider")
ORIGINS = ("page", "api", "cli", "mail", "import", "system", "simulation")


class JournalEntry(models.Model):
    """One thing that happened, append-only.

    It belongs to a record, or to a subject (type, id) of the configuration.
    `number` counts within that chain from 1. `changes` maps a field to
    `[before, after]`; integers, strings, booleans, nulls and lists of them,
    never floats. `hash` chains over `sha256(body)` and `sha256(changes)`, so
    that either can be erased with a reason and the chain still holds. Triggers
    refuse every other UPDATE, every DELETE and TRUNCATE.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(
        "records.Record",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="journal",
        db_index=False,
    )
    subject_type = models.CharField(max_length=60, null=True, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    number = models.IntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    os_user = models.CharField(max_length=80, blank=True, default="", db_default="")
    kind = models.CharField(max_length=20)
    transition = models.CharField(max_length=60, blank=True, default="", db_default="")
    visibility = models.CharField(max_length=10)
    origin = models.CharField(max_length=12)
    source_row = models.CharField(max_length=80, null=True, blank=True)
    body = models.TextField(null=True, blank=True)
    body_hash = models.BinaryField(null=True, blank=True)
    changes = models.JSONField(null=True, blank=True)
    changes_hash = models.BinaryField(null=True, blank=True)
    prev_hash = models.BinaryField(null=True, blank=True)
    hash = models.BinaryField()
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    erased_reason = models.TextField(blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=False, subject_type__isnull=True)
                | Q(record__isnull=True, subject_type__isnull=False, subject_id__isnull=False),
                name="entry_has_one_owner",
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="entry_kind_known"),
            models.CheckConstraint(
                condition=Q(visibility__in=VISIBILITIES), name="entry_visibility_known"
            ),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="entry_origin_known"),
            models.UniqueConstraint(
                fields=["record", "number"],
                condition=Q(record__isnull=False),
                name="entry_number_once",
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "number"],
                condition=Q(record__isnull=True),
                name="entry_subject_number_once",
            ),
            models.UniqueConstraint(
                fields=["record", "source_row"],
                condition=Q(source_row__isnull=False),
                name="entry_source_row_once",
            ),
        ]
        indexes = [
            models.Index(F("at").desc(), F("id").desc(), name="entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id or self.subject_type}:{self.number} {self.kind}"


class Seal(models.Model):
    """The heads of all chains as they stood at one instant, chained to the seal before.

    `root` is the sha256 over the previous root and the heads that moved since.
    Printed or sent elsewhere, it proves later that nothing before it was rewritten.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    heads = models.IntegerField()
    root = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {bytes(self.root).hex()[:12]}"


class SealHead(models.Model):
    """One chain's head within a seal; only chains that grew since the last seal."""

    id = models.BigAutoField(primary_key=True)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField(null=True, blank=True)
    subject_type = models.CharField(max_length=60, null=True, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    number = models.IntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "records_seal_head"
