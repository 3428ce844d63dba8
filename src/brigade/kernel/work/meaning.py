"""What the values of a record mean to its recipe's expressions, and for which it has no field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from brigade.kernel.work.values import read_value

if TYPE_CHECKING:
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
