"""The fields and values of a record in the reader's words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from babel import dates, numbers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from brigade.web.shell.times import locale, localtime, short

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.naming import Names

COLUMNS = {
    "title": lazy("Title"),
    "description": lazy("Description"),
    "requester": lazy("Requester"),
    "assignee": lazy("Assignee"),
    "team": lazy("Team"),
    "customer": lazy("Customer"),
    "provider": lazy("Provider"),
    "service": lazy("Service"),
    "offering": lazy("Offering"),
    "category": lazy("Category"),
    "channel": lazy("Came by"),
    "confidential": lazy("Confidential"),
    "impact": lazy("Impact"),
    "urgency": lazy("Urgency"),
    "priority": lazy("Priority"),
    "state": lazy("State"),
    "watcher": lazy("Watching"),
    "task": lazy("Task"),
    "task.title": lazy("Title"),
    "file": lazy("File"),
    "flags": lazy("Flags"),
    "priority_set": lazy("Priority set by hand"),
    "priority_reason": lazy("Why not the matrix"),
    "off_matrix": lazy("Differs from the matrix"),
    "worked_minutes": lazy("Minutes worked"),
}
"""Words of the columns that a recipe need not declare."""

CHANNELS = {
    "portal": lazy("Portal"),
    "desk": lazy("Service desk"),
    "api": lazy("API"),
    "phone": lazy("Phone"),
    "email": lazy("Email"),
    "mail": lazy("Email"),
    "import": lazy("Import"),
    "cli": lazy("Command line"),
}

LINKS = {
    "duplicates": (lazy("Duplicate of"), lazy("Has duplicate")),
    "child_of": (lazy("Part of"), lazy("Has part")),
    "caused_by": (lazy("Caused by"), lazy("Cause of")),
    "improves": (lazy("Improves"), lazy("Improved by")),
}
"""A link read from its beginning, and from its end."""


def field_label(recipe: CompiledRecipe, name: str) -> str:
    """Return the word for a field: the recipe's own, else that of the column or of the link."""
    if name.startswith("link."):
        return link_label(name.split(".")[1], back=name.endswith(".from"))
    if name in recipe.fields or name not in COLUMNS:
        return recipe.label(name)
    return str(COLUMNS[name])


def channel_label(channel: str) -> str:
    """Return the way a record or an entry came in, in words."""
    return str(CHANNELS.get(channel, channel))


def link_label(type_: str, *, back: bool = False) -> str:
    """Return a type of link in words, read from the record that it ends at where `back`."""
    known = LINKS.get(type_)
    return str(known[back]) if known else type_.replace("_", " ").capitalize()


def value_words(recipe: CompiledRecipe, name: str, value: Any, names: Names) -> str:
    """Return a value as it stands in the journal in words; nothing is an empty text."""
    field = recipe.fields.get(name)
    named = names.of(name, value)
    if named is not None:
        return named
    if value is None or value == "":
        return ""
    if name == "state":
        return recipe.label(str(value))
    if name == "priority":
        return recipe.priority_label(value) or str(value)
    if name == "channel":
        return channel_label(str(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field is not None and field.type in ("enum", "tree"):
        return recipe.choice_label(name, value)
    if field is not None and field.type == "datetime":
        return localtime(instant(value)) or str(value)
    if field is not None and field.type == "date":
        return day(value)
    if field is not None and field.type == "number":
        return decimal(value)
    return str(value)


def day(value: Any) -> str:
    """Return a day that is kept as text as the reader writes it; what is none stands as it is."""
    try:
        return dates.format_date(date.fromisoformat(str(value)), "medium", locale=locale())
    except ValueError:
        return str(value)


def decimal(value: Any) -> str:
    """Return a number that is kept by its digits with the reader's separators."""
    try:
        return numbers.format_decimal(Decimal(str(value)), "#,##0.######", locale=locale())
    except InvalidOperation:
        return str(value)


def instant(value: Any) -> datetime | None:
    """Return an instant that is kept as text, or None where it is none."""
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def priority_words(recipe: CompiledRecipe, record: Record) -> tuple[int, str] | None:
    """Return level and label of the priority; a label the source gave stands as it is."""
    if record.priority_fact:
        return record.priority or 3, record.priority_fact
    if record.priority is None:
        return None
    return record.priority, recipe.priority_label(record.priority) or str(record.priority)


def timer_words(recipe: CompiledRecipe, record: Record) -> str:
    """Return what happens by itself and when ("Closes by itself Mon 14:00"), or nothing."""
    timer = recipe.timers.get(record.timer)
    if timer is None or timer.fire is None:
        return ""
    when = {"when": short(record.timer_due)}
    category = recipe.category(recipe.target(record.state, timer.fire))
    if category == "closed":
        return _("Closes by itself %(when)s") % when
    if record.state_category == "waiting":
        return _("Comes back %(when)s") % when
    return _("%(step)s by itself %(when)s") % {"step": recipe.label(timer.fire), **when}
