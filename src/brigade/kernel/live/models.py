"""Who looks at which record just now."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

DOINGS = ("viewing", "replying", "noting")


class Presence(models.Model):
    """Somebody's last sign of life at a record. The table is unlogged: a crash may empty it."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey("records.Record", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    doing = models.CharField(max_length=10)
    beat_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "person"], name="presence_once"),
            models.CheckConstraint(condition=Q(doing__in=DOINGS), name="presence_doing_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.doing} {self.record_id}"
