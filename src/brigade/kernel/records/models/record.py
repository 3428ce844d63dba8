"""The one table for all work, and its words."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from brigade.kernel.instants import NEVER

CATEGORIES = ("new", "active", "waiting", "resolved", "closed", "cancelled")
"""Every state of every recipe maps to one of these; figures across practices use only them."""

OPEN_CATEGORIES = ("new", "active", "waiting")
"""Somebody still has to do something."""


class Record(models.Model):
    """A piece of work, made by running a recipe.

    `version` counts the writes and equals `entries`, the number of the newest
    journal entry: every write adds exactly one. `head` is the hash of that
    entry. `priority_fact` is a label that a source gave and the recipe would
    not; it is shown in place of the recipe's label and marked. For an imported
    record `opened_at`, `resolved_at` and `closed_at` are facts of the source.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=40, unique=True, db_index=False)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True, default="")
    state = models.CharField(max_length=60)
    state_category = models.CharField(max_length=12)
    category = models.CharField(max_length=200, blank=True, default="")
    impact = models.SmallIntegerField(null=True, blank=True)
    urgency = models.SmallIntegerField(null=True, blank=True)
    priority = models.SmallIntegerField(null=True, blank=True)
    priority_fact = models.CharField(max_length=60, blank=True, default="")
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="requested"
    )
    customer = models.ForeignKey(
        "parties.Organisation", models.PROTECT, null=True, blank=True, related_name="records"
    )
    service = models.ForeignKey(
        "services.Service", models.PROTECT, null=True, blank=True, related_name="records"
    )
    offering = models.ForeignKey(
        "services.Offering", models.PROTECT, null=True, blank=True, related_name="records"
    )
    ci_kind = models.CharField(max_length=40, blank=True, default="")
    ci_id = models.BigIntegerField(null=True, blank=True)
    team = models.ForeignKey(
        "parties.Team", models.PROTECT, null=True, blank=True, related_name="records"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned"
    )
    provider = models.ForeignKey(
        "parties.Organisation", models.PROTECT, null=True, blank=True, related_name="provided"
    )
    channel = models.CharField(max_length=40, blank=True, default="")
    recipe_version = models.ForeignKey(
        "recipes.RecipeVersion", models.PROTECT, related_name="records"
    )
    data = models.JSONField(default=dict, blank=True)
    confidential = models.BooleanField(default=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="opened"
    )
    opened_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True, blank=True)
    waiting_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    timer = models.CharField(max_length=60, blank=True, default="")
    timer_due = models.DateTimeField(default=NEVER)
    next_due = models.DateTimeField(default=NEVER)
    version = models.IntegerField(default=1)
    entries = models.IntegerField(default=1)
    head = models.BinaryField()
    source = models.CharField(max_length=80, blank=True, default="")
    source_id = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state_category__in=CATEGORIES), name="record_category_known"
            ),
            models.CheckConstraint(condition=Q(version=F("entries")), name="record_write_is_entry"),
            models.CheckConstraint(condition=~Q(title=""), name="record_has_title"),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source=""),
                name="record_source_once",
            ),
        ]
        indexes = [
            models.Index(
                F("next_due"),
                Coalesce("priority", 9),
                F("id"),
                name="record_open_due",
                condition=Q(state_category__in=OPEN_CATEGORIES),
            ),
            models.Index(
                F("team"),
                F("next_due"),
                Coalesce("priority", 9),
                F("id"),
                name="record_open_team_due",
                condition=Q(state_category__in=OPEN_CATEGORIES),
            ),
            models.Index(
                F("assignee"),
                F("next_due"),
                Coalesce("priority", 9),
                F("id"),
                name="record_open_assignee_due",
                condition=Q(state_category__in=OPEN_CATEGORIES),
            ),
            models.Index(F("updated_at").desc(), F("id").desc(), name="record_updated"),
            models.Index(F("opened_at").desc(), F("id").desc(), name="record_opened"),
            models.Index(F("requester"), F("updated_at").desc(), name="record_requester"),
            models.Index(F("customer"), F("updated_at").desc(), name="record_customer"),
            models.Index(F("service"), F("updated_at").desc(), name="record_service"),
            models.Index(F("timer_due"), name="record_timer_due", condition=~Q(timer="")),
            models.Index(F("kind"), F("state_category"), name="record_kind_category"),
            GinIndex(fields=["data"], name="record_data", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return self.number


class SearchRow(models.Model):
    """What one audience may find a record by.

    Two rows a record: the desk's holds every word, the requester's only public
    ones, so that an internal note can never answer a requester.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)
    audience = models.CharField(max_length=12)

    class Meta:
        db_table = "records_search"
        constraints = [
            models.UniqueConstraint(fields=["record", "audience"], name="search_row_once")
        ]
