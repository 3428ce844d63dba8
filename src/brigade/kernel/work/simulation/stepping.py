"""One made-up record stepped through a draft: what it may do now, why not, and its clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.clocks.engine import Clock, Happening, advance
from brigade.kernel.clocks.promises import book
from brigade.kernel.clocks.rules import OPENED, rules_of
from brigade.kernel.recipes.compiled import CompiledRecipe, is_empty
from brigade.kernel.recipes.elements import SELF, Transition
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.services.queries import service_facts
from brigade.kernel.work.simulation.clocked import due_of
from brigade.kernel.work.simulation.drafting import recipe_to_try
from brigade.kernel.work.values import read_value

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.overlay import Operation


@dataclass(frozen=True, slots=True)
class Tried:
    """A step of the map as it stands for the record: allowed, or `why` not, and the field."""

    key: str
    label: str
    to: str
    by: tuple[str, ...]
    allowed: bool
    code: str
    why: str
    field: str


@dataclass(frozen=True, slots=True)
class Ticking:
    """A clock of the record: running, paused, stopped; `due` where it has a due time."""

    name: str
    state: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Look:
    """Where a made-up record stands: state, values, what is missing there, steps and clocks."""

    recipe: CompiledRecipe
    state: str
    values: Mapping[str, Any]
    missing: tuple[str, ...]
    moves: tuple[Tried, ...]
    clocks: tuple[Ticking, ...]


def look_at(
    key: str,
    *,
    by: Person,
    state: str = "",
    fields: Mapping[str, Any] | None = None,
    roles: Sequence[str] = (),
    overlay: Sequence[Operation] | None = None,
    level: int | None = None,
) -> Look:
    """Put a made-up record into a state of the draft and say what it may do from there.

    `fields` are typed or plain values, `roles` those of whoever acts; without any, what
    the recipe's roles together may do. The record is asked for by whoever tries it, was
    opened a moment ago and came to the state at once. Nothing is written. Invalid where a
    value or a state does not fit.
    """
    recipe = recipe_to_try(key, by, overlay=overlay, level=level)
    state = state or recipe.initial
    if state not in recipe.states:
        raise Invalid("no_such_state", _("The draft has no such state."), "state")
    at = instants.now()
    values = _values(recipe, fields or {}, state, by)
    context = _context(recipe, values, state, by, at)
    held = set(roles) or {role for move in recipe.transitions.values() for role in move.by}
    return Look(
        recipe,
        state,
        values,
        tuple(recipe.missing_fields(state, context)),
        tuple(
            _tried(recipe, move, state, held, context) for move in recipe.transitions_from(state)
        ),
        tuple(_clocks(recipe, values, state, at)),
    )


def _values(
    recipe: CompiledRecipe, fields: Mapping[str, Any], state: str, by: Person
) -> dict[str, Any]:
    """Read what was typed, fill in the draft's defaults, and let it give the priority."""
    values: dict[str, Any] = {"state": state, "requester": by.pk}
    for name, raw in fields.items():
        field = recipe.fields.get(name)
        if field is None or field.computed is not None:
            raise Invalid(
                "unknown_field", _("There is no field called “%(field)s”.") % {"field": name}, name
            )
        value = read_value(name, raw, field, by.timezone)
        if not is_empty(value):
            values[name] = value
    context = {**values, **_service(recipe, values)}
    values |= recipe.default_values(context)
    values["priority"] = recipe.priority_of({**values, **_service(recipe, values)})
    return values


def _service(recipe: CompiledRecipe, values: Mapping[str, Any]) -> dict[str, Any]:
    if "service" not in recipe.inputs:
        return {}
    return {"service": service_facts(values.get("service"))}


def _context(
    recipe: CompiledRecipe, values: Mapping[str, Any], state: str, by: Person, at: datetime
) -> dict[str, Any]:
    return {
        **values,
        **_service(recipe, values),
        "actor": by.pk,
        "now": at,
        "history": {state: at},
        "approvals": tuple(recipe.approvals),
    }


def _tried(
    recipe: CompiledRecipe,
    move: Transition,
    state: str,
    roles: Iterable[str],
    context: Mapping[str, Any],
) -> Tried:
    to = state if move.to == SELF else move.to
    code, why, field = "", "", ""
    try:
        recipe.check_move(state, move.key, roles, context)
    except Refused as no:
        code, why, field = no.code, str(no), no.field or ""
    return Tried(move.key, recipe.label(move.key), to, move.by, not code, code, why, field)


def _clocks(
    recipe: CompiledRecipe, values: Mapping[str, Any], state: str, at: datetime
) -> list[Ticking]:
    """Return the clocks of a record that was opened and came to its state at one instant."""
    opened = {**values, "state": recipe.initial}
    names = frozenset({OPENED, f"enter:{recipe.initial}"})
    targets, rules = book(), rules_of(recipe)
    clocks: list[Clock] = advance([], Happening(at, names, opened), rules, targets.promise_for)
    if state != recipe.initial:
        came = frozenset({f"enter:{state}", recipe.category(state)})
        clocks = advance(clocks, Happening(at, came, values), rules, targets.promise_for)
    return [Ticking(clock.name, clock.state, due_of(clock)) for clock in clocks]
