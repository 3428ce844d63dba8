"""Published versions of recipes, drafts of further ones, and what is adopted how far."""

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
    """That a practice is run here, or shall be, or is not: how far, by whom, and why.

    `rationale` is the reason of the present state, `facets_on` and `facets_off` what is
    taken beyond the level or left out of it. `waiver` says why a level holds although
    its evidence was not there when it was raised, `decision` names the one that carried it
    ("DEC-10001") where decisions run here. `target_level` and `review_on` say
    where it shall go and when somebody looks again; `decided_by` signed the decision.
    """

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
    facets_on = models.JSONField(default=list, blank=True)
    facets_off = models.JSONField(default=list, blank=True)
    waiver = models.TextField(blank=True, default="")
    decision = models.CharField(max_length=40, blank=True, default="")
    target_level = models.PositiveSmallIntegerField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

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


class RecipeDraft(models.Model):
    """What an organisation is about to change in a practice that runs here.

    `base` is the version it was begun from, `source` the library's YAML it is written
    for (the base's own, or a newer one where the draft takes an upgrade), `overlay` all
    operations that shall hold, `findings` what lint says of them. A draft is opened and
    changed by its `authors` (ids of people), submitted, approved by whoever answers for
    the practice (`statement` says why, `approval` names the approval that carried it,
    as in "approval:12"), and published by an administrator who is not an author;
    `waiver` says why where a rule was relaxed or many records would be stopped, `replay`
    (counts) what a replay found when it was published. `revision` counts its changes, so that
    nobody writes over what another has written. Instants are UTC.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    key = models.CharField(max_length=40)
    base = models.ForeignKey(RecipeVersion, models.PROTECT, related_name="drafts")
    source = models.TextField()
    overlay = models.JSONField(default=list, blank=True)
    findings = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    authors = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    reason = models.TextField(blank=True, default="")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    statement = models.TextField(blank=True, default="")
    approval = models.CharField(max_length=60, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    waiver = models.TextField(blank=True, default="")
    replay = models.JSONField(default=dict, blank=True)
    version = models.ForeignKey(
        RecipeVersion, models.PROTECT, null=True, blank=True, related_name="drafted"
    )

    class Meta:
        verbose_name = _("draft of a recipe")
        verbose_name_plural = _("drafts of recipes")
        constraints = (
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state__in=("draft", "submitted", "approved")),
                name="recipes_one_open_draft",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(version__isnull=False, closed_at__isnull=False, approved_at__isnull=False),
                name="recipes_published_has_version",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"


class Circumstances(models.Model):
    """What the proposal of practices follows from, as signed: one row, journalled.

    `vendor_spend` is the most that one vendor gets in a year, in minor units of the
    organisation's currency; `changes` are counted a month.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    headcount = models.PositiveIntegerField()
    customers = models.PositiveIntegerField()
    vendor_spend = models.PositiveBigIntegerField()
    regulated = models.BooleanField()
    services = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()
    on_call = models.BooleanField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("circumstances")
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="recipes_circumstances_single"),
        )

    def __str__(self) -> str:
        return f"signed {self.signed_at:%Y-%m-%d}"


class SmallTeam(models.Model):
    """That few people work here, so that some rules of separation are relaxed: one row.

    `rules` are those relaxed (S1, S3, S7, S8), none when the mode is off; `head` is who
    reads every month what was approved alone.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    rules = models.JSONField(default=list, blank=True)
    reason = models.TextField()
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("small-team mode")
        constraints = (models.CheckConstraint(condition=Q(id=1), name="recipes_small_team_single"),)

    def __str__(self) -> str:
        return ", ".join(self.rules)


class SelfApproval(models.Model):
    """One use of a relaxed rule: who approved alone what two should have, and why."""

    rule = models.CharField(max_length=4)
    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    reason = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("self-approval")
        verbose_name_plural = _("self-approvals")
        indexes = (models.Index(fields=["at"], name="recipes_self_approval_at"),)

    def __str__(self) -> str:
        return f"{self.rule}: {self.title}"
