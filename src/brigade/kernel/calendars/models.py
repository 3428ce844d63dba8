"""Calendars, the versions of their hours, and their openings as rows for SQL."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Calendar(models.Model):
    """Working time by a name. What is open when stands in its versions.

    `version` is for optimistic locking and has nothing to do with their numbers.
    """

    class Kind(models.TextChoices):
        SERVICE_HOURS = "service_hours", _("Service hours")
        SUPPORT_HOURS = "support_hours", _("Support hours")
        ALWAYS = "always", _("Always open")
        BOARD = "board", _("Meetings of a board")

    key = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.SERVICE_HOURS)
    is_active = models.BooleanField(default=True)
    current = models.ForeignKey(
        "CalendarVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        indexes = (models.Index(fields=["name", "id"], name="calendars_calendar_by_name"),)
        constraints = (
            models.UniqueConstraint(fields=["key"], name="calendars_calendar_key_unique"),
            models.CheckConstraint(
                condition=Q(key__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="calendars_calendar_key_slug",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="calendars_calendar_has_name"),
            models.CheckConstraint(
                condition=Q(kind__in=["service_hours", "support_hours", "always", "board"]),
                name="calendars_calendar_kind",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """Hours as they were written down once; a trigger refuses every change.

    They hold from `valid_from` (null: as far back as anybody asks) and take the
    place of whatever an earlier number said about the time after that. `content`
    is what `hours.to_content` returns. Only `reaches`, the year before whose
    start the rows of `Opening` end, may grow.
    """

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    zone = models.CharField(max_length=64)
    content = models.JSONField()
    valid_from = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reaches = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("version of a calendar")
        verbose_name_plural = _("versions of calendars")
        constraints = (
            models.UniqueConstraint(
                fields=["calendar", "number"], name="calendars_version_number_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.calendar_id}/{self.number}"


class Opening(models.Model):
    """One opening of a version: epoch seconds and the open seconds counted at its edges.

    A row without length stands at the start of what is compiled where that is
    closed, and one without `c1` at its end, so that SQL can tell "closed" from
    "nobody has worked that out".
    """

    pk = models.CompositePrimaryKey("version_id", "s")
    version = models.ForeignKey(
        CalendarVersion, models.PROTECT, related_name="openings", db_index=False
    )
    s = models.BigIntegerField()
    e = models.BigIntegerField()
    c0 = models.BigIntegerField()
    c1 = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        db_table = "calendar_interval"
