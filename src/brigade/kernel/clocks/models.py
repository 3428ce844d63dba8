"""Targets as they are promised, the clocks of each record, and their stretches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brigade.kernel.clocks.engine import PAUSED, RUNNING, STOPPED, VOID
from brigade.kernel.instants import NEVER


class Target(models.Model):
    """One wording of a promise: so much open time, under these conditions, from then on.

    A target is never rewritten: changing it ends this wording (`valid_to`) and
    begins another of the same `series`, so that what was promised when stays
    known. `key` is what a recipe's clock names ("incident.restore"), `conditions`
    maps a field of the record to the values it may have ({"priority": [1, 2]}).
    `seconds` is null for a stopwatch without a due time. `warn_percent` is when
    a clock turns amber.
    """

    series = models.BigIntegerField()
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    conditions = models.JSONField(default=dict, blank=True)
    customer = models.ForeignKey(
        "parties.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    service = models.ForeignKey(
        "services.Service", models.PROTECT, null=True, blank=True, related_name="targets"
    )
    offering = models.ForeignKey(
        "services.Offering", models.PROTECT, null=True, blank=True, related_name="+"
    )
    seconds = models.IntegerField(null=True, blank=True)
    calendar = models.ForeignKey("calendars.Calendar", models.PROTECT, related_name="targets")
    warn_percent = models.PositiveSmallIntegerField(default=75)
    source = models.CharField(max_length=200, blank=True, default="")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        indexes = (models.Index(fields=["key", "valid_from"], name="target_by_key"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(seconds__isnull=True) | Q(seconds__gt=0), name="target_time_positive"
            ),
            models.CheckConstraint(
                condition=Q(warn_percent__gte=1, warn_percent__lte=100), name="target_warns_before"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="target_runs_forward",
            ),
            models.UniqueConstraint(
                fields=["series"], condition=Q(valid_to__isnull=True), name="target_one_wording"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Clock(models.Model):
    """One promise running on one record, as it stood at its last change.

    Everything here follows from the journal, and `replay` derives it again.
    `counted` and `paused` are open seconds up to `mark`; `due_at` is NEVER while
    paused and without a due time; `alert_at` is when the next escalation is due,
    `alerts` one bit for each that was raised; `stretches` counts the finished segments.
    """

    record = models.ForeignKey(
        "records.Record", models.PROTECT, related_name="clocks", db_index=False
    )
    number = models.SmallIntegerField()
    name = models.CharField(max_length=40)
    subject = models.BigIntegerField(null=True, blank=True)
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="clocks", db_index=False
    )
    seconds = models.IntegerField(null=True, blank=True)
    calendar_version = models.ForeignKey(
        "calendars.CalendarVersion", models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=8)
    reason = models.CharField(max_length=40, blank=True, default="")
    started_at = models.DateTimeField()
    mark = models.DateTimeField()
    counted = models.BigIntegerField()
    paused = models.BigIntegerField()
    due_at = models.DateTimeField(default=NEVER)
    stopped_at = models.DateTimeField(null=True, blank=True)
    alert_at = models.DateTimeField(default=NEVER)
    alerts = models.SmallIntegerField(default=0)
    stretches = models.SmallIntegerField(default=0)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = (
            models.UniqueConstraint(fields=["record", "number"], name="clock_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=(RUNNING, PAUSED, STOPPED, VOID)), name="clock_state_known"
            ),
        )
        indexes = (
            models.Index(fields=["due_at", "id"], name="clock_due", condition=Q(state=RUNNING)),
            models.Index(fields=["alert_at", "id"], name="clock_alert", condition=Q(state=RUNNING)),
            models.Index(
                fields=["record"], name="clock_missed", condition=Q(counted__gt=F("seconds"))
            ),
            models.Index(
                fields=["calendar_version"],
                name="clock_live_calendar",
                condition=Q(state__in=(RUNNING, PAUSED)),
            ),
            models.Index(
                fields=["target"],
                name="clock_live_target",
                condition=Q(state__in=(RUNNING, PAUSED)),
            ),
        )


class Recount(models.Model):
    """Up to where changes of targets and calendars were carried to the running clocks: one row.

    `stamp` is what `queries.stamp` said then, `until` the instant.
    """

    id = models.SmallIntegerField(primary_key=True)
    stamp = models.CharField(max_length=100)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("recount of clocks")
        verbose_name_plural = _("recounts of clocks")
        constraints = (models.CheckConstraint(condition=Q(id=1), name="recount_only_one"),)


class Segment(models.Model):
    """A finished stretch of a clock, append-only: one ends where the next begins.

    `seconds` are the open ones in it, counted where it is a `run`.
    """

    record = models.ForeignKey("records.Record", models.PROTECT, related_name="+", db_index=False)
    clock_number = models.SmallIntegerField()
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=8)
    reason = models.CharField(max_length=40, blank=True, default="")
    begin = models.DateTimeField()
    end = models.DateTimeField()
    seconds = models.BigIntegerField()
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    calendar_version = models.ForeignKey(
        "calendars.CalendarVersion", models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("segment of a clock")
        verbose_name_plural = _("segments of clocks")
        constraints = (
            models.UniqueConstraint(
                fields=["record", "clock_number", "number"], name="segment_number_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("run", "pause", "resolved")), name="segment_kind_known"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("begin")), name="segment_runs_forward"),
        )
