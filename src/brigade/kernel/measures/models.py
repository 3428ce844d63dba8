"""Definitions as they were used, and values that were closed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MeasureVersion(models.Model):
    """One wording of a measure, kept once a value was closed under it; never rewritten.

    `definition` is everything the file said. `query_hash` names the definition and
    the statement it was compiled to.
    """

    key = models.CharField(max_length=8)
    version = models.IntegerField()
    definition = models.JSONField()
    checksum = models.CharField(max_length=64)
    query_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("version of a measure")
        verbose_name_plural = _("versions of measures")
        constraints = (
            models.UniqueConstraint(fields=["key", "version"], name="measure_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class MeasureValue(models.Model):
    """The value of a measure for a period, frozen, or restated with a reason.

    The first `number` of a measure's period is the frozen value; each further one
    restates it and stands in its place, the old one stays. `num`, `den` and `n` are
    integers: counts or seconds; `den` is null for a percentile. `beside` maps p50
    to seconds; `cuts` maps a dimension to rows of [id, name, num, n].
    """

    measure = models.ForeignKey(MeasureVersion, models.PROTECT, related_name="values")
    key = models.CharField(max_length=8)
    period = models.CharField(max_length=8)
    start = models.DateTimeField()
    end = models.DateTimeField()
    zone = models.CharField(max_length=64)
    number = models.IntegerField(default=1)
    num = models.BigIntegerField(null=True, blank=True)
    den = models.BigIntegerField(null=True, blank=True)
    n = models.BigIntegerField()
    beside = models.JSONField(default=dict, blank=True)
    cuts = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=400, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("value of a measure")
        verbose_name_plural = _("values of measures")
        constraints = (
            models.UniqueConstraint(fields=["key", "period", "number"], name="measure_value_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="measure_restated_with_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.period} {self.number}"
