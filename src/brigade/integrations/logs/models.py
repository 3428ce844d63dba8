"""Rows of the importer: its runs, what they found, and whom they made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One import of one file with one map, from the upload to the last line.

    `path` is where the file lies on the server; `file_name` what its owner
    called it. `done` of `total` rows are written while it runs. `rows` is every
    row of the file: `rows = entries_made + entries_known + rejected` at the end
    (a row that is a whole case counts once, however many entries it gives).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")

    file_name = models.CharField(max_length=255)
    path = models.CharField(max_length=1000)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    map_name = models.CharField(max_length=60)
    map = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    phase = models.CharField(max_length=10, blank=True, default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    entries_made = models.BigIntegerField(default=0)
    entries_known = models.BigIntegerField(default=0)
    records_made = models.BigIntegerField(default=0)
    records_grown = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    noted = models.BigIntegerField(default=0)
    people_made = models.IntegerField(default=0)
    teams_made = models.IntegerField(default=0)
    problem = models.TextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(F("made_at").desc(), F("id").desc(), name="import_run_made")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running", "finished", "failed")),
                name="import_run_state_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.map_name})"


class ImportLine(models.Model):
    """One thing a run found about one line of its file; see `findings`."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines", db_index=False)
    line = models.BigIntegerField()
    column = models.CharField(max_length=200, blank=True, default="")
    code = models.CharField(max_length=30)
    value = models.CharField(max_length=200, blank=True, default="")
    taken = models.BooleanField()

    class Meta:
        indexes = [models.Index(F("run"), F("line"), F("id"), name="import_line_place")]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"


class ImportedPerson(models.Model):
    """A name in a source's log and the person it stands for, made on the way without sign-in."""

    source = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], name="imported_person_once")
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"
