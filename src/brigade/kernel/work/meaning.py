"""What the values of a record mean to its recipe's expressions, and for which it has no field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from brigade.kernel import instants
from brigade.kernel.refused import Invalid
from brigade.kernel.services.queries import service_facts
from brigade.kernel.work.values import read_value

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.recipes.elements import Field
    from brigade.kernel.work.step import Step

TYPED = frozenset({"number", "date", "datetime"})
"""Types of fields whose values are kept as text and are something else in an expression."""


def typed_values(recipe: CompiledRecipe, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as expressions know them: numbers as such, days and instants as instants."""
    typed = {
        name: _typed(field, values[name])
        for name, field in recipe.fields.items()
        if field.type in TYPED and values.get(name) is not None
    }
    return {**values, **typed}


def _typed(field: Field, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return value
    try:
        if field.type == "number":
            return float(value)
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def kept_value(name: str, field: Field, value: Any) -> Any:
    """Return what an expression gave as the value that the record keeps."""
    if field.type in TYPED and isinstance(value, float | datetime):
        return read_value(name, value, field)
    return value


def refuse_unmeant(step: Step, names: Iterable[str]) -> None:
    """Raise Invalid where one of these fields now says what is not asked of such a record."""
    fields = step.recipe.fields
    changed = [name for name in names if step.before.get(name) != step.get(name)]
    if any(name in fields and fields[name].when is not None for name in changed):
        step.recipe.check_meant(changed, step.context())


def tried_context(recipe: CompiledRecipe, given: Mapping[str, Any], by: Person) -> dict[str, Any]:
    """Return what the recipe's expressions would know of a record opened with these values.

    For a form that is still being filled in: what is no value of its field counts as empty.
    """
    values: dict[str, Any] = {}
    for name, raw in given.items():
        with suppress(Invalid):
            values[name] = read_value(name, raw, recipe.fields.get(name), by.timezone)
    values |= {"actor": by.pk, "now": instants.now(), "state": recipe.initial}
    if "service" in recipe.inputs:
        values["service"] = service_facts(values.get("service"))
    context = typed_values(recipe, values)
    context |= recipe.default_values(context)
    return context | {"priority": recipe.priority_of(context)}
