"""Decisions asked of people: the question, who sits, and each vote as it was cast."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brigade.kernel.approvals import rules
from brigade.kernel.instants import NEVER


class Approval(models.Model):
    """One question, put to seats under a rule, about a subject: a record or configuration.

    `subject_kind` is "record" or the kind of what is decided on ("recipe_draft"), `subject_id`
    its row. `title` and `text` say what is decided. `concerned` names, as lists of ids under
    "requester" and "implementer", who has a part in it and therefore does not decide.
    `deadline` moves on while a seat waits for information (`held_at` says since when);
    `span` is how long was given, in time of the calendar. `counted_from` is where reminders
    count from. `quorum_at` is when enough seats had voted, null while or where they have not.
    Approvals of one procedure share its first one as `procedure`: those of a `step` are asked
    side by side, the next step after all of them are given. `follows` names the approval
    that ended without a decision and led to this one.
    """

    class State(models.TextChoices):
        PLANNED = rules.PLANNED, _("Not asked yet")
        OPEN = rules.OPEN, _("Open")
        APPROVED = rules.APPROVED, _("Approved")
        REJECTED = rules.REJECTED, _("Rejected")
        EXPIRED = rules.EXPIRED, _("Not decided in time")
        WITHDRAWN = rules.WITHDRAWN, _("Withdrawn")

    class OnTimeout(models.TextChoices):
        NOTHING = "", _("It stays open")
        EXPIRE = "expire", _("It ends undecided")
        APPROVE = "approve", _("It counts as approved")
        REJECT = "reject", _("It counts as rejected")
        ESCALATE = "escalate", _("It goes to somebody else")

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True, default="")
    rule = models.JSONField()
    authority = models.CharField(max_length=80, blank=True, default="")
    concerned = models.JSONField(default=dict, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    span = models.CharField(max_length=8, blank=True, default="")
    calendar_version = models.ForeignKey(
        "calendars.CalendarVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    counted_from = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(default=NEVER)
    held_at = models.DateTimeField(null=True, blank=True)
    on_timeout = models.CharField(max_length=8, choices=OnTimeout, blank=True, default="")
    escalate_to = models.CharField(max_length=60, blank=True, default="")
    remind_at = models.DateTimeField(default=NEVER)
    reminders = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    quorum_at = models.DateTimeField(null=True, blank=True)
    procedure = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="steps"
    )
    step = models.PositiveSmallIntegerField(default=0)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        indexes = (
            models.Index(fields=["subject_kind", "subject_id"], name="approval_subject"),
            models.Index(fields=["deadline", "id"], name="approval_due", condition=Q(state="open")),
            models.Index(
                fields=["remind_at", "id"], name="approval_remind", condition=Q(state="open")
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=rules.STATES), name="approval_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="planned") | Q(state="withdrawn") | Q(opened_at__isnull=False),
                name="approval_asked_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "open"), decided_at__isnull=True)
                | Q(
                    state__in=("approved", "rejected", "expired", "withdrawn"),
                    decided_at__isnull=False,
                ),
                name="approval_ended_has_instant",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} on {self.subject_kind}:{self.subject_id}"


class ApprovalSeat(models.Model):
    """One voice in an approval: whose it is, for which roles it speaks, how it stands.

    `via` is by which words of the question the person sits ("role:service_owner",
    "person"). `vote` is the live vote, `waiting_since` when the seat was last asked:
    it is null while what the seat asked for is not answered.
    """

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="seats")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats", db_index=False
    )
    roles = models.JSONField(default=list, blank=True)
    via = models.JSONField(default=list, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    vote = models.CharField(max_length=9, blank=True, default="")
    voted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        indexes = (models.Index(fields=["person", "approval"], name="seat_of_person"),)
        constraints = (
            models.UniqueConstraint(fields=["approval", "person"], name="seat_one_per_person"),
            models.CheckConstraint(
                condition=Q(vote__in=("", *rules.VOTES)), name="seat_vote_known"
            ),
            models.CheckConstraint(
                condition=Q(vote="", voted_at__isnull=True)
                | (~Q(vote="") & Q(voted_at__isnull=False)),
                name="seat_vote_has_instant",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in {self.approval_id}"


class ApprovalVote(models.Model):
    """One vote as it was cast, append-only: the last of a seat is the live one.

    `person` cast it; `deputy_for` is whose seat it was where that was somebody else.
    Triggers refuse every UPDATE and DELETE, save for emptying a reason.
    """

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="votes", db_index=False)
    seat = models.ForeignKey(ApprovalSeat, models.PROTECT, related_name="votes")
    number = models.PositiveIntegerField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    deputy_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    vote = models.CharField(max_length=9)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    origin = models.CharField(max_length=12, default="page")

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        indexes = (models.Index(fields=["at"], name="vote_at"),)
        constraints = (
            models.UniqueConstraint(fields=["approval", "number"], name="vote_number_once"),
            models.CheckConstraint(condition=Q(vote__in=rules.VOTES), name="vote_known"),
        )

    def __str__(self) -> str:
        return f"{self.vote} in {self.approval_id}"
