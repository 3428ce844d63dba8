"""Decision rights as they are worded, one row for each wording."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brigade.governance.decision_rights.rules import DEFAULTS, MAJORITIES, MEETING, VOTINGS


class DecisionRight(models.Model):
    """One wording of who decides on a topic between two amounts.

    A right is never rewritten: changing it ends this wording (`valid_to`) and
    begins another of the same `series`. Amounts are minor units of `currency`,
    half open: `amount_from` is in, `amount_to` is out and null without an upper end;
    a topic without money has neither currency nor end. The body is a team, or whoever
    holds `role`. `must` are the roles that have to agree. Working days are those of
    `calendar`: `deadline_wd` from raised to decided, then `silent_wd` until what
    `default_if_silent` says. `voting` electronic opens the vote as soon as it is prepared.
    """

    series = models.BigIntegerField(default=0)
    topic = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, blank=True, default="")
    amount_from = models.BigIntegerField(default=0)
    amount_to = models.BigIntegerField(null=True, blank=True)
    body = models.ForeignKey(
        "parties.Team", models.PROTECT, null=True, blank=True, related_name="decision_rights"
    )
    role = models.CharField(max_length=40, blank=True, default="")
    seats = models.PositiveSmallIntegerField(default=1)
    quorum = models.PositiveSmallIntegerField(default=1)
    majority = models.CharField(max_length=12, default="simple")
    must = models.JSONField(default=list, blank=True)
    deadline_wd = models.PositiveSmallIntegerField()
    calendar = models.ForeignKey("calendars.Calendar", models.PROTECT, related_name="+")
    escalate_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    default_if_silent = models.CharField(max_length=10, default="escalate")
    silent_wd = models.PositiveSmallIntegerField(default=5)
    voting = models.CharField(max_length=10, default=MEETING)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("decision right")
        verbose_name_plural = _("decision rights")
        constraints = (
            models.CheckConstraint(
                condition=Q(amount_from__gte=0)
                & (Q(amount_to__isnull=True) | Q(amount_to__gt=F("amount_from"))),
                name="right_band_runs_up",
            ),
            models.CheckConstraint(
                condition=~Q(currency="") | Q(amount_from=0, amount_to__isnull=True),
                name="right_amount_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=False) ^ ~Q(role=""), name="right_has_one_body"
            ),
            models.CheckConstraint(
                condition=Q(quorum__gte=1, seats__gte=F("quorum"), deadline_wd__gte=1),
                name="right_can_be_exercised",
            ),
            models.CheckConstraint(
                condition=Q(majority__in=MAJORITIES, default_if_silent__in=DEFAULTS)
                & Q(voting__in=VOTINGS),
                name="right_words_known",
            ),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(valid_to__isnull=True) & ~Q(series=0),
                name="right_one_wording",
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.amount_from}-{self.amount_to or ''} {self.currency}".strip()
