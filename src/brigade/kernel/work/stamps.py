"""What follows from where a step leads: category stamps, the next timer, the columns to write."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from brigade.kernel.records.models import Record
from brigade.kernel.records.rows import COLUMNS
from brigade.kernel.work.names import PLAIN, REFERENCES
from brigade.kernel.work.next_timer import next_timer

if TYPE_CHECKING:
    from brigade.kernel.work.step import Step


def columns_of(step: Step) -> dict[str, Any]:
    """Turn a step's values into columns, with the category stamps and the next timer."""
    after, recipe, at = step.after, step.recipe, step.way.at
    columns: dict[str, Any] = {name: after.get(name) for name in PLAIN}
    columns |= {f"{name}_id": after.get(name) for name in REFERENCES}
    columns["data"] = {
        name: value
        for name, value in after.items()
        if name not in PLAIN and name not in REFERENCES and value is not None
    }
    category = recipe.category(after["state"])
    columns["state_category"] = category
    columns |= _stamps(step.record, category, after["state"] != step.before.get("state"), at)
    timer, due = next_timer(step, at)
    columns |= {"timer": timer, "timer_due": due, "next_due": due}
    columns["updated_at"] = at
    columns["recipe_version_id"] = step.record.recipe_version_id
    return {name: columns[name] for name in COLUMNS}


def _stamps(record: Record, category: str, moved: bool, at: datetime) -> dict[str, Any]:
    stamps = {
        name: getattr(record, name)
        for name in ("active_at", "waiting_at", "resolved_at", "closed_at")
    }
    if not moved:
        return stamps
    if category == "active":
        stamps["active_at"] = stamps["active_at"] or at
        stamps["resolved_at"] = stamps["closed_at"] = None
    elif category == "waiting":
        stamps["waiting_at"] = at
    elif category == "resolved":
        stamps["resolved_at"] = at
    elif category in ("closed", "cancelled"):
        stamps["closed_at"] = at
    return stamps
