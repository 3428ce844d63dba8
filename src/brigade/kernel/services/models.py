"""A service and the offerings it is sold as. Practices hang their own facts on these rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Service(models.Model):
    """A unit of value that somebody owns, somebody supports and customers use.

    `criticality` runs from 1 (nobody notices) to 5 (the business stops). `hours`
    is when it is provided; null for the installation's standard hours.
    """

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business service")
        TECHNICAL = "technical", _("Technical service")
        SUPPORTING = "supporting", _("Supporting service")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        LIVE = "live", _("Live")
        RESTRICTED = "restricted", _("Restricted")
        RETIRING = "retiring", _("Retiring")
        RETIRED = "retired", _("Retired")

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.BUSINESS)
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    owner = models.ForeignKey(
        "parties.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="services_owned",
    )
    team = models.ForeignKey(
        "parties.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="services"
    )
    hours = models.ForeignKey(
        "calendars.Calendar", models.PROTECT, null=True, blank=True, related_name="services"
    )
    criticality = models.PositiveSmallIntegerField(default=3)
    customers = models.ManyToManyField(
        "parties.Organisation", blank=True, related_name="services_used"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        indexes = (models.Index(fields=["name", "id"], name="services_service_by_name"),)
        constraints = (
            models.UniqueConstraint(fields=["code"], name="services_service_code_unique"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="services_service_code_slug",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="services_service_has_name"),
            models.CheckConstraint(
                condition=Q(kind__in=["business", "technical", "supporting"]),
                name="services_service_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "live", "restricted", "retiring", "retired"]),
                name="services_service_state",
            ),
            models.CheckConstraint(
                condition=Q(criticality__gte=1, criticality__lte=5),
                name="services_service_criticality",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Offering(models.Model):
    """A service at a level, as a customer may choose it. `code` is unique inside its service.

    `hours` is null where those of the service hold.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="offerings")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    level = models.CharField(max_length=60, blank=True, default="")
    hours = models.ForeignKey(
        "calendars.Calendar", models.PROTECT, null=True, blank=True, related_name="offerings"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("offering")
        verbose_name_plural = _("offerings")
        constraints = (
            models.UniqueConstraint(
                fields=["service", "code"], name="services_offering_code_unique"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="services_offering_code_slug",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="services_offering_has_name"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "withdrawn"]),
                name="services_offering_state",
            ),
        )

    def __str__(self) -> str:
        return self.name
