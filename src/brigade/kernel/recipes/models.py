"""Published versions of recipes, and which practice an organisation has adopted how far."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RecipeVersion(models.Model):
    """The immutable content of one published recipe at one level.

    `source` is the library's YAML, `overlay` the operations by which the organisation
    changes it (plain JSON, each with `why` and `author`), `base` the library's version
    they were written for ("incident@2.0.0", empty for what nobody tailored), `effective`
    what the facets of the level merge to, `checksum` the sha256 (hex) of text, overlay,
    level and facets. A tailored version is numbered behind its base: 2.0.0+1. Records pin
    the version they were opened under. A trigger refuses every change.
    """

    key = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    checksum = models.CharField(max_length=64)
    source = models.TextField()
    effective = models.JSONField()
    overlay = models.JSONField(default=list, blank=True)
    base = models.CharField(max_length=60, blank=True, default="")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("recipe version")
        verbose_name_plural = _("recipe versions")
        constraints = (
            models.UniqueConstraint(
                fields=["key", "version", "level", "checksum"], name="recipes_version_once"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=3), name="recipes_version_level"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.version} level {self.level}"


class Adoption(models.Model):
    """That a practice is run here, how far, by whom, and why."""

    class State(models.TextChoices):
        CONSIDERED = "considered", _("Considered")
        PLANNED = "planned", _("Planned")
        ADOPTED = "adopted", _("Adopted")
        DECLINED = "declined", _("Declined")

    key = models.CharField(max_length=40, unique=True)
    version = models.ForeignKey(
        RecipeVersion, models.PROTECT, null=True, blank=True, related_name="adoptions"
    )
    level = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="adoptions"
    )
    rationale = models.TextField(blank=True, default="")
    provisional = models.BooleanField(default=False)
    adopted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(version__isnull=False, adopted_at__isnull=False),
                name="recipes_adopted_has_version",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"
