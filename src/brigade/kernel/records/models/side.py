"""What hangs on a record: links, tasks, watchers, files; and what serves its pages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Link(models.Model):
    """A typed edge from one record to another, or to any `(kind, id)` of a later practice."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="links")
    type = models.CharField(max_length=30)
    other = models.ForeignKey(
        "records.Record", models.PROTECT, null=True, blank=True, related_name="linked_from"
    )
    target_kind = models.CharField(max_length=40, blank=True, default="")
    target_id = models.BigIntegerField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "type", "other"], name="link_once", nulls_distinct=True
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=False) ^ Q(target_id__isnull=False),
                name="link_has_one_end",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("record")), name="link_not_to_itself"
            ),
        ]


class Task(models.Model):
    """A step or a checklist item on a record. `due_at` is UTC."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=20, default="todo")
    title = models.CharField(max_length=200)
    required = models.BooleanField(default=False)
    team = models.ForeignKey("parties.Team", models.PROTECT, null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, default="open")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("open", "done", "skipped")), name="task_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("todo", "checklist")), name="task_kind_known"
            ),
        ]


class Watcher(models.Model):
    """Somebody who wants to hear of a record; reads its public entries."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="watchers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="watched")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="watcher_once")]


class File(models.Model):
    """A file on a record. `size` in bytes; the content lies under its sha256.

    Only a `clean` file is handed out; `quarantined` says why in `verdict`.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey("records.Record", models.PROTECT, related_name="files")
    entry_number = models.IntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    visibility = models.CharField(max_length=10)
    state = models.CharField(max_length=12, default="clean")
    verdict = models.CharField(max_length=200, blank=True, default="")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("clean", "quarantined")), name="file_state_known"
            )
        ]


class SavedView(models.Model):
    """A named list: the query string of the queue, private or shared with a team."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="views")
    team = models.ForeignKey("parties.Team", models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    columns = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_name_once")]


class IdempotencyKey(models.Model):
    """An answer already given to a request, so that repeating it takes effect once."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    record_id = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="idempotency_key_once")
        ]
