"""What a decision has beside its record: the right it falls under, its options, its days."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brigade.kernel.instants import NEVER

OUTCOMES = ("", "approved", "rejected", "lapsed")


class Decision(models.Model):
    """The paper of one decision, one-to-one with its record.

    `right` is the wording it was raised under. `amount` is minor units of `currency`.
    `criteria` are `{"name", "weight"}`; `options` are `{"title", "amount", "marks"}`
    with one mark `{"text", "points"}` for each criterion; `recommended` is the place of
    an option, and what the vote is about. `opened_at`, `quorum_at`, `escalated_at` and
    `decided_at` are when each came about. `next_at` is when the deadline or, after it,
    silence has to be acted on, NEVER once there is nothing to wait for.
    """

    record = models.OneToOneField(
        "records.Record", models.PROTECT, primary_key=True, related_name="decision"
    )
    right = models.ForeignKey(
        "decision_rights.DecisionRight", models.PROTECT, related_name="decisions"
    )
    amount = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    need_by = models.DateField(null=True, blank=True)
    criteria = models.JSONField(default=list, blank=True)
    options = models.JSONField(default=list, blank=True)
    recommended = models.PositiveSmallIntegerField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    deadline = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    quorum_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    next_at = models.DateTimeField(default=NEVER)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = (models.Index(fields=["next_at"], name="decision_due"),)
        constraints = (
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="decision_outcome"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="decision_amount"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="decision_outcome_has_instant",
            ),
        )

    def __str__(self) -> str:
        return f"decision {self.record_id}"
