"""The rows of a queue in words: columns, groups, and what happens next to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from brigade.kernel import instants
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.lists import ListFilter
from brigade.kernel.records.orders import URGENT, turn
from brigade.kernel.records.row_marks import Marks, marks_of
from brigade.web.shell.times import short
from brigade.web.work.queue_query import DONE_CATEGORIES

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
WAITING = "waiting_reason"
"""The field of a recipe that says what a record waits for."""
ALWAYS = ("subject",)
USUAL = ("priority", "id", "subject", "service", "requester", "state", "assignee", "next")
USUAL_OF = {
    "closed": ("priority", "id", "subject", "service", "requester", "state", "assignee", "updated")
}
SORTS = {"priority": "priority", "opened": "opened", "updated": "updated", "next": "next"}
"""Columns whose head sorts, and by what."""

TURNS = (lazy("Urgent"), lazy("Open"), lazy("Waiting"), lazy("Resolved or closed"))
"""The groups of what to do next, as the order `next` has them."""


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next by itself: `kind` as the clock has it, `full` the whole instant."""

    kind: str
    lead: str
    name: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A record in a queue; `turn` is the group it stands in."""

    values: Mapping[str, Any]
    address: str
    turn: int
    level: int
    priority: str
    state: str
    tags: list[str]
    next: Next | None


def rows_for(person: Person, found: Sequence[Mapping[str, Any]], query: str) -> list[Row]:
    """Return what a page of a list says; each row's address keeps the list it stands in."""
    marks = marks_of(person, [each["id"] for each in found])
    tail = f"?{query}" if query else ""
    return [_row(each, marks[each["id"]], tail) for each in found]


def _row(values: Mapping[str, Any], marks: Marks, tail: str) -> Row:
    recipe = recipe_version(values["recipe_version_id"])
    priority = values["priority"]
    return Row(
        values=values,
        address=reverse("record", args=[values["number"]]) + tail,
        turn=turn(values["state_category"], priority),
        level=priority or 3,
        priority=values["priority_fact"] or recipe.priority_label(priority),
        state=recipe.label(values["state"]),
        tags=_tags(marks),
        next=_next(recipe, values, marks),
    )


def _tags(marks: Marks) -> list[str]:
    found = []
    if marks.linked:
        found.append(ngettext("%(n)d linked", "%(n)d linked", marks.linked) % {"n": marks.linked})
    if marks.tasks:
        found.append(ngettext("%(n)d task", "%(n)d tasks", marks.tasks) % {"n": marks.tasks})
    return found


def _next(recipe: CompiledRecipe, values: Mapping[str, Any], marks: Marks) -> Next | None:
    due, timer = values["next_due"], recipe.timers.get(values["timer"])
    if due < instants.NEVER and timer is not None and timer.fire is not None:
        category = recipe.category(recipe.target(values["state"], timer.fire))
        if category in DONE_CATEGORIES:
            return Next("met", _("Closes"), short(due), due)
        return Next("paused", _("Back"), short(due), due)
    if values["state_category"] == "waiting":
        field = "waiting_reason"
        known = marks.waits_for and field in recipe.fields
        return Next(
            "paused", _("Waits"), recipe.choice_label(field, marks.waits_for) if known else ""
        )
    return None


def columns_for(view: str, chosen: Sequence[str] | None) -> list[str]:
    """Return the columns shown in a view, in their order."""
    wanted = set(chosen or USUAL_OF.get(view, USUAL)) | set(ALWAYS)
    return [name for name in COLUMNS if name in wanted]


def group_filters(wanted: ListFilter) -> dict[str, ListFilter]:
    """Return what to count so that every group can say how many it has, on any page."""
    parts: dict[str, ListFilter] = {}
    working = _within(wanted, ("new", "active"))
    if working is not None:
        urgent = set(wanted.priorities or range(1, URGENT + 1)) & set(range(1, URGENT + 1))
        parts["group:working"] = working
        if urgent:
            parts["group:0"] = replace(working, priorities=tuple(sorted(urgent)))
    for key, categories in (("group:2", ("waiting",)), ("group:3", DONE_CATEGORIES)):
        part = _within(wanted, categories)
        if part is not None:
            parts[key] = part
    return parts


def _within(wanted: ListFilter, categories: tuple[str, ...]) -> ListFilter | None:
    inside = tuple(one for one in categories if not wanted.categories or one in wanted.categories)
    return replace(wanted, categories=inside) if inside else None


def group_heads(counted: Mapping[str, int], cap: int) -> list[str]:
    """Return the heads of the four groups, each with its number ("Urgent · 3")."""
    urgent, working = counted.get("group:0", 0), counted.get("group:working", 0)
    plain = cap + 1 if working > cap else working - urgent
    amounts = [urgent, plain, counted.get("group:2", 0), counted.get("group:3", 0)]
    return [
        _("%(group)s · %(n)s") % {"group": label, "n": capped(amount, cap)}
        for label, amount in zip(TURNS, amounts, strict=True)
    ]


def capped(amount: int, cap: int) -> str:
    """Return a number that is counted no further than `cap`."""
    return f"{cap}+" if amount > cap else str(amount)
