"""What helps people work and is no work itself: drafts and canned replies."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """What somebody has typed and not sent, kept per form for 30 days."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=120)
    values = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "form"], name="draft_once")]


class CannedReply(models.Model):
    """A text that answers a common question; for one team, or for all."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    body = models.TextField()
    team = models.ForeignKey("parties.Team", models.PROTECT, null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)


class ListColumns(models.Model):
    """The columns somebody wants to see in one view of the queue, in order."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.CharField(max_length=20)
    columns = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "view"], name="list_columns_once")]
