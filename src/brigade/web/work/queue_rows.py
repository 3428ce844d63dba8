"""The rows of a queue in words: columns, groups, and what happens next to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from brigade.kernel import instants
from brigade.kernel.clocks.faces import Face, faces_of, next_face
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.recipes.words import flag_name
from brigade.kernel.records.row_marks import Marks, marks_of
from brigade.kernel.work.effects import FLAGS
from brigade.web.shell.times import localtime, short
from brigade.web.work.clock_words import WAITING, Chip, chip
from brigade.web.work.queue_filter import (
    DONE_CATEGORIES,
)
from brigade.web.work.queue_own import Own, cells

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe

COLUMNS: Mapping[str, str | Promise] = {
    "priority": lazy("Priority"),
    "id": lazy("ID"),
    "subject": lazy("Subject"),
    "service": lazy("Service"),
    "requester": lazy("Requester"),
    "state": lazy("State"),
    "assignee": lazy("Assignee"),
    "team": lazy("Team"),
    "customer": lazy("Customer"),
    "opened": lazy("Opened"),
    "updated": lazy("Changed"),
    "next": lazy("Next"),
}
"""Every column, in the order they stand in."""
ALWAYS = ("subject",)
USUAL = ("priority", "id", "subject", "service", "requester", "state", "assignee", "next")
USUAL_OF = {
    "closed": ("priority", "id", "subject", "service", "requester", "state", "assignee", "updated")
}
SORTS = {"priority": "priority", "opened": "opened", "updated": "updated"}
"""Columns whose head sorts, and by what; `next` sorts as the queue usually does."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record in a queue; `next` is its clock, or what happens to it by itself.

    `own` are values of the organisation's own fields in words, by their names as columns.
    """

    values: Mapping[str, Any]
    address: str
    level: int
    priority: str
    state: str
    tags: list[str]
    flags: list[str]
    next: Chip | None
    own: Mapping[str, str] = field(default_factory=dict)


def rows_for(
    person: Person, found: Sequence[Mapping[str, Any]], query: str, own: Own | None = None
) -> list[Row]:
    """Return what a page of a list says; each row's address keeps the list it stands in.

    `own` are the fields of the organisation's own that are shown as columns.
    """
    at, ids, own = instants.now(), [each["id"] for each in found], own or {}
    wanted = {one.field.key: one.field.public for one in own.values()}
    marks, faces = marks_of(person, ids, {FLAGS: False} | wanted), faces_of(ids, at)
    said = cells(own, [marks[one].own for one in ids])
    tail = f"?{query}" if query else ""
    return [
        replace(_row(each, marks[each["id"]], faces.get(each["id"], []), at, tail), own=words)
        for each, words in zip(found, said, strict=True)
    ]


def _row(
    values: Mapping[str, Any], marks: Marks, faces: Sequence[Face], at: datetime, tail: str
) -> Row:
    recipe = recipe_version(values["recipe_version_id"])
    priority = values["priority"]
    return Row(
        values=values,
        address=reverse("record", args=[values["number"]]) + tail,
        level=priority or 3,
        priority=values["priority_fact"] or recipe.priority_label(priority),
        state=recipe.label(values["state"]),
        tags=_tags(marks),
        flags=[flag_name(flag) for flag in marks.own.get(FLAGS) or ()],
        next=_next(recipe, values, marks, faces, at),
    )


def _tags(marks: Marks) -> list[str]:
    found = []
    if marks.linked:
        found.append(ngettext("%(n)d linked", "%(n)d linked", marks.linked) % {"n": marks.linked})
    if marks.tasks:
        found.append(ngettext("%(n)d task", "%(n)d tasks", marks.tasks) % {"n": marks.tasks})
    return found


def _next(
    recipe: CompiledRecipe,
    values: Mapping[str, Any],
    marks: Marks,
    faces: Sequence[Face],
    at: datetime,
) -> Chip | None:
    """Return the soonest clock that runs; else what a timer does; else how the clocks stand."""
    face = next_face(faces)
    if face is not None and face.due_at is not None and face.is_live:
        return chip(face, recipe, at)
    timed = _by_itself(recipe, values)
    if timed is not None:
        return timed
    if face is not None:
        return chip(face, recipe, at)
    if values["state_category"] == "waiting":
        known = marks.waits_for and WAITING in recipe.fields
        why = recipe.choice_label(WAITING, marks.waits_for) if known else ""
        return Chip("paused", _("Waits"), why)
    return None


def _by_itself(recipe: CompiledRecipe, values: Mapping[str, Any]) -> Chip | None:
    due, timer = values["timer_due"], recipe.timers.get(values["timer"])
    if due == instants.NEVER or timer is None or timer.fire is None:
        return None
    category = recipe.category(recipe.target(values["state"], timer.fire))
    full = localtime(due, "full")
    if category in DONE_CATEGORIES:
        return Chip("met", _("Closes"), short(due), full)
    return Chip("paused", _("Back"), short(due), full)


def every_column(own: Own) -> dict[str, str | Promise]:
    """Return the label of every column, the organisation's own fields after the others."""
    return {**COLUMNS, **{name: one.label for name, one in own.items()}}


def columns_for(view: str, chosen: Sequence[str] | None, own: Own) -> list[str]:
    """Return the columns shown in a view, in their order."""
    wanted = set(chosen or USUAL_OF.get(view, USUAL)) | set(ALWAYS)
    return [name for name in every_column(own) if name in wanted]


def own_shown(columns: Sequence[str], own: Own) -> Own:
    """Return the fields of the organisation's own among the columns shown."""
    return {name: own[name] for name in columns if name in own}
