"""What follows from where a step leads: category stamps, the next timer, the columns to write."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from brigade.kernel import instants
from brigade.kernel.records.models import Record
from brigade.kernel.records.rows import COLUMNS
from brigade.kernel.work.names import PLAIN, REFERENCES

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


def next_timer(step: Step, at: datetime) -> tuple[str, datetime]:
    """Return the timer that fires next in the step's state, and when; `("", NEVER)` for none.

    A timer counted from entering the state keeps its instant while the record stays.
    """
    record, state = step.record, step.after["state"]
    stayed = state == step.before.get("state")
    found = ("", instants.NEVER)
    for timer in step.recipe.timers.values():
        if state not in timer.in_:
            continue
        if timer.at is not None:
            due = instant_of(step.after.get(timer.at))
        elif timer.after is not None:
            kept = stayed and record.timer == timer.key
            due = record.timer_due if kept else at + timer.after.elapsed()
        else:
            due = at + (timer.every.elapsed() if timer.every else timedelta())
        if due is not None and due < found[1]:
            found = (timer.key, due)
    return found


def instant_of(value: Any) -> datetime | None:
    """Read an instant kept in `data` as ISO text."""
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None
