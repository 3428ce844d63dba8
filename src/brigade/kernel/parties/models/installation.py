"""What is true of the whole installation: one row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """The answers of the first-run setup. `hours` is stored for the calendars of the future."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=200, default="", blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, default="en")
    default_team = models.ForeignKey(
        "parties.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    mail_from = models.EmailField(default="", blank=True)
    support_phone = models.CharField(max_length=60, default="", blank=True)
    hours = models.JSONField(null=True, blank=True)
    example_data = models.BooleanField(default=False)
    setup_done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("installation")
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="parties_installation_single"),
            models.CheckConstraint(
                condition=Q(language__in=["en", "de"]), name="parties_installation_language"
            ),
        )

    def __str__(self) -> str:
        return self.name
