"""Where a running record would stand in another version of its recipe, or why it stays: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from brigade.kernel.recipes.compiled import CompiledRecipe, is_empty

STATE_GONE, MISSING, BUSY = "state_gone", "missing_field", "busy"
"""Why a record stays with its version: its state is not there, a needed field is empty,
or others kept writing it while it was to be moved."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """How records are moved: `states` maps a state to another, `defaults` fill empty fields.

    With neither it is the safe way: a record moves only as it stands.
    """

    states: Mapping[str, str]
    defaults: Mapping[str, Any]


SAFE = Mapped({}, {})


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one record: its state and the fields given to it, or why it stays."""

    state: str
    given: Mapping[str, Any]
    reason: str = ""
    fields: tuple[str, ...] = ()


def fate_of(
    values: Mapping[str, Any],
    recipe: CompiledRecipe,
    mapped: Mapped,
    context: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> Fate:
    """Return what becomes of a record with these values in a version of its recipe.

    `context` adds to values what expressions may ask. A default is given only where
    the field is empty and the version needs it in the state the record comes to.
    """
    state = mapped.states.get(values["state"], values["state"])
    if state not in recipe.states:
        return Fate(state, {}, STATE_GONE)
    missing = recipe.missing_fields(state, context({**values, "state": state}))
    given = {
        name: mapped.defaults[name]
        for name in missing
        if name in mapped.defaults and not is_empty(mapped.defaults[name])
    }
    after = {**values, **given, "state": state}
    still = recipe.missing_fields(state, context(after)) if given else missing
    return Fate(state, given, MISSING, tuple(still)) if still else Fate(state, given)
