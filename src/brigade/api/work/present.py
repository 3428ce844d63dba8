"""Records and entries as plain values: no more of them than the reader may know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from brigade.kernel.instants import NEVER
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.work.entries import PUBLIC_FIELDS
from brigade.kernel.work.opening import GIVEN_BY_REQUESTER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import JournalEntry, Record

OPEN_TO_ALL = PUBLIC_FIELDS | GIVEN_BY_REQUESTER
"""Fields that everybody who may read a record may know."""
IN_LISTS = (
    "number", "kind", "title", "state", "state_category", "priority", "confidential", "channel",
    "opened_at", "updated_at", "resolved_at", "closed_at", "version",
)  # fmt: skip
ALONE = ("description", "active_at", "waiting_at", "source", "source_id")
COUPLED = ("requester", "customer", "team", "assignee")


def row(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `kernel.records.lists` as a list shows it."""
    shown = {name: values[name] for name in IN_LISTS}
    for name in COUPLED:
        shown[name] = named_as(values[f"{name}_id"], values[f"{name}__name"])
    shown["service"] = named_as(values["service_id"], values["service__name"])
    if shown["service"]:
        shown["service"]["code"] = values["service__code"]
    due = values["next_due"]
    return shown | {"due_at": None if due == NEVER else due}


def named_as(key: int | None, name: str | None) -> dict[str, Any] | None:
    """Return a person, team or organisation of which only id and name are known."""
    return None if key is None else {"id": key, "name": name}


def named(thing: Any) -> dict[str, Any] | None:
    """Return a person, team or organisation by id and name."""
    return None if thing is None else {"id": thing.pk, "name": thing.name}


def coded(thing: Any) -> dict[str, Any] | None:
    """Return a service or an offering by id, name and code."""
    return None if thing is None else {"id": thing.pk, "name": thing.name, "code": thing.code}


def record(found: Record, *, internal: bool) -> dict[str, Any]:
    """Return a record; `internal` tells whether its reader may know more than its public side."""
    recipe = recipe_version(found.recipe_version_id)
    seen = found.data if internal else _public(recipe, found.data)
    fields = {name: _as_number(recipe, name, value) for name, value in seen.items()}
    shown: dict[str, Any] = {name: getattr(found, name) for name in (*IN_LISTS, *ALONE)}
    for name in ("category", "impact", "urgency"):
        shown[name] = getattr(found, name) if internal else None
    for name in COUPLED:
        shown[name] = named(getattr(found, name))
    return shown | {
        "state_label": recipe.label(found.state) if found.state in recipe.states else found.state,
        "priority_label": found.priority_fact or recipe.priority_label(found.priority),
        "service": coded(found.service),
        "offering": coded(found.offering),
        "provider": named(found.provider) if internal else None,
        "opened_by": named(found.opened_by),
        "due_at": None if found.next_due == NEVER else found.next_due,
        "fields": fields,
        "recipe": {"key": recipe.key, "version": recipe.version, "level": recipe.level},
    }


def _public(recipe: CompiledRecipe, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what everybody may know who may read the record."""
    public = OPEN_TO_ALL | {key for key, field in recipe.fields.items() if field.public}
    return {name: value for name, value in values.items() if name in public}


def _as_number(recipe: CompiledRecipe, name: str, value: Any) -> Any:
    """Return a number that is kept by its digits as a number."""
    field = recipe.fields.get(name)
    number = field is not None and field.type == "number" and isinstance(value, str)
    return float(value) if number else value


def entry(found: JournalEntry, record: Record, *, internal: bool) -> dict[str, Any]:
    """Return a journal entry; to who reads only the public side, public changes alone."""
    changes = found.changes
    if changes is not None and not internal:
        changes = _public(recipe_version(record.recipe_version_id), changes) or None
    return {
        "number": found.number,
        "at": found.at,
        "kind": found.kind,
        "visibility": found.visibility,
        "actor": named(found.actor),
        "origin": found.origin,
        "transition": found.transition,
        "body": found.body,
        "changes": changes,
        "erased_at": found.erased_at,
        "erased_reason": found.erased_reason if internal else "",
    }


def entries(
    found: Iterable[JournalEntry], record: Record, *, internal: bool
) -> list[dict[str, Any]]:
    """Return journal entries in their order."""
    return [entry(each, record, internal=internal) for each in found]
