"""Teams, organisations, and who belongs to or acts for whom, and since when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from brigade.kernel import instants


class Organisation(models.Model):
    """A customer, the provider itself, a vendor or an integrator of vendors."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        INTERNAL_PROVIDER = "internal_provider", _("Internal provider")
        VENDOR = "vendor", _("Vendor")
        INTEGRATOR = "integrator", _("Integrator")

    name = models.CharField(max_length=200)
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = (models.Index(fields=["name", "id"], name="parties_org_by_name"),)
        constraints = (
            models.UniqueConstraint(Lower("code"), name="parties_org_code_unique"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(code=""), name="parties_org_has_name"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["customer", "internal_provider", "vendor", "integrator"]),
                name="parties_org_kind",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="parties_org_not_own_parent",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who share a queue."""

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    email = models.EmailField(blank=True, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        indexes = (models.Index(fields=["name", "id"], name="parties_team_by_name"),)
        constraints = (
            models.UniqueConstraint(Lower("name"), name="parties_team_name_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="parties_team_has_name"),
        )

    def __str__(self) -> str:
        return self.name


class Relation(models.Model):
    """What ties a person to a team, an organisation or another person, for a time.

    `member_of` a team or an organisation; `leads` a team; `manages` a person;
    `deputises` for a person. A period is half open, [valid_from, valid_to).
    """

    class Kind(models.TextChoices):
        MEMBER_OF = "member_of", _("Member of")
        LEADS = "leads", _("Leads")
        MANAGES = "manages", _("Manages")
        DEPUTISES = "deputises", _("Deputises for")

    kind = models.CharField(max_length=12, choices=Kind)
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="relations")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="relations"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="relations"
    )
    other = models.ForeignKey(
        "parties.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="relations_to",
    )
    valid_from = models.DateTimeField(default=instants.now)
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind="member_of",
                    team__isnull=False,
                    organisation__isnull=True,
                    other__isnull=True,
                )
                | Q(
                    kind="member_of",
                    team__isnull=True,
                    organisation__isnull=False,
                    other__isnull=True,
                )
                | Q(
                    kind="leads",
                    team__isnull=False,
                    organisation__isnull=True,
                    other__isnull=True,
                )
                | Q(
                    kind__in=["manages", "deputises"],
                    team__isnull=True,
                    organisation__isnull=True,
                    other__isnull=False,
                ),
                name="parties_relation_one_target",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="parties_relation_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("person")),
                name="parties_relation_not_to_self",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "team", "organisation", "other"],
                condition=Q(valid_to__isnull=True),
                nulls_distinct=False,
                name="parties_relation_once_open",
            ),
        )

    def __str__(self) -> str:
        target = self.team or self.organisation or self.other
        return f"{self.person} {self.get_kind_display()} {target}"
