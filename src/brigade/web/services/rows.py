"""Open work as a section of another page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from brigade.kernel.recipes.queries import recipe_version


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A record in words; `priority` is empty where its recipe gives none."""

    number: str
    title: str
    address: str
    level: int
    priority: str
    state: str
    category: str


def work_rows(found: Sequence[Mapping[str, Any]]) -> list[WorkRow]:
    """Return rows of a list in the words of each one's recipe."""
    return [_row(values) for values in found]


def _row(values: Mapping[str, Any]) -> WorkRow:
    recipe = recipe_version(values["recipe_version_id"])
    priority = values["priority"]
    return WorkRow(
        number=values["number"],
        title=values["title"],
        address=reverse("record", args=[values["number"]]),
        level=priority or 5,
        priority=values["priority_fact"] or (recipe.priority_label(priority) if priority else ""),
        state=recipe.label(values["state"]),
        category=values["state_category"],
    )
