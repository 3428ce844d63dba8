"""What a person may do: roles granted in a scope, and tokens for programs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brigade.kernel import instants
from brigade.kernel.parties.roles import ROLES, SCOPES


class RoleGrant(models.Model):
    """A role held by a person inside a scope, for a time.

    `scope_id` names a row of what `scope_type` says and is null only for "all".
    A grant in force was approved by somebody other than who asked for it, or
    says that it was not and why (`self_approved`, `reason`).
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        GRANTED = "granted", _("Granted")
        REVOKED = "revoked", _("Revoked")

    class ScopeType(models.TextChoices):
        ALL = "all", _("Everything")
        ORGANISATION = "organisation", _("Organisation")
        CUSTOMER = "customer", _("Customer")
        SERVICE = "service", _("Service")
        VENDOR = "vendor", _("Vendor")
        TEAM = "team", _("Team")

    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(r.key, r.label) for r in ROLES.values()])
    scope_type = models.CharField(max_length=12, choices=ScopeType, default=ScopeType.ALL)
    scope_id = models.BigIntegerField(null=True, blank=True)
    valid_from = models.DateTimeField(default=instants.now)
    valid_to = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    granted_by = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, related_name="grants_made"
    )
    approved_by = models.ForeignKey(
        "parties.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="grants_approved",
    )
    reason = models.TextField(blank=True, default="")
    self_approved = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=instants.now)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        indexes = (
            models.Index(fields=["role", "scope_type", "scope_id"], name="parties_grant_by_role"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="parties_grant_role"),
            models.CheckConstraint(
                condition=Q(scope_type="all", scope_id__isnull=True)
                | (Q(scope_type__in=[s for s in SCOPES if s != "all"], scope_id__isnull=False)),
                name="parties_grant_scope",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="parties_grant_runs_forward",
            ),
            models.CheckConstraint(
                condition=~Q(state="granted")
                | Q(self_approved=False, approved_by__isnull=False)
                | (Q(self_approved=True, approved_by__isnull=True) & ~Q(reason="")),
                name="parties_grant_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("granted_by")),
                name="parties_grant_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("person")),
                name="parties_grant_not_own",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "granted", "revoked"]),
                name="parties_grant_state",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "scope_type", "scope_id"],
                condition=Q(valid_to__isnull=True, state__in=["requested", "granted"]),
                nulls_distinct=False,
                name="parties_grant_once_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.role} ({self.scope_type} {self.scope_id or ''})"


class ApiToken(models.Model):
    """A key for a program that acts as a person. Only the digest of the secret is kept."""

    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=8))
    created_at = models.DateTimeField(default=instants.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        constraints = (
            models.UniqueConstraint(fields=["digest"], name="parties_token_digest_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="parties_token_has_name"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=["read", "write"], scopes__len__gt=0),
                name="parties_token_scopes",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="parties_token_runs_forward"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
