"""What must hold for every recipe there is, at every level: walked, not read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brigade.kernel.recipes import cel
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.expressions import expressions_of
from brigade.kernel.recipes.merge import effective
from brigade.kernel.refused import Refused
from tests.kernel.recipes.recipes_for_tests import every_recipe, three_levels

RECIPES = every_recipe()
NAMES = [f"{recipe.key}-{recipe.version}-level-{recipe.level}" for recipe in RECIPES]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)

each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=NAMES)


def filled(recipe: CompiledRecipe, state: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values with everything filled in that the state asks for."""
    asked = recipe.required_fields(state, values)
    return {**{key: recipe.fields[key].of[0] if recipe.fields[key].of else "x" for key in asked},
            **{key: value for key, value in values.items() if value is not None}}  # fmt: skip


@each_recipe
def test_only_a_terminal_state_is_an_end(recipe: CompiledRecipe) -> None:
    ends = {key for key, state in recipe.states.items() if state.terminal}
    for start in recipe.states:
        seen, open_ = {start}, [start]
        while open_:
            here = open_.pop()
            after = {recipe.target(here, move.key) for move in recipe.transitions_from(here)}
            open_ += after - seen
            seen |= after
        assert seen & ends, f"no way out of {start}"


@each_recipe
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_record_never_leaves_its_map(recipe: CompiledRecipe, data: st.DataObject) -> None:
    """Nothing changes the state but a transition that leads out of it, to where it says."""
    roles = {role for move in recipe.transitions.values() for role in move.by}
    state, now = recipe.initial, START
    history = {state: now}
    values = filled(recipe, state, recipe.default_values({}))
    for _step in range(12):
        now += timedelta(hours=data.draw(st.integers(0, 200)))
        key = data.draw(st.sampled_from([*recipe.transitions, "no_such_step"]))
        context = {**values, "history": history, "now": now, "approvals": ["mir"], "priority": 1}
        move = recipe.transitions.get(key)
        if move and state in move.from_:
            context = filled(recipe, recipe.target(state, key), context)
        try:
            done = recipe.check_move(state, key, roles, context)
        except Refused as no:
            assert no.code in {"unknown_transition", "not_from_here", "guard"}, no.code
            continue
        assert state in done.from_
        state = recipe.target(state, key)
        history = {**history, state: now}
        values = {name: context.get(name) for name in recipe.fields}
        assert state in recipe.states
        assert not recipe.missing_fields(state, context)


@each_recipe
def test_a_step_is_refused_from_everywhere_it_does_not_lead_out_of(
    recipe: CompiledRecipe,
) -> None:
    for key, move in recipe.transitions.items():
        for state in set(recipe.states) - set(move.from_):
            with pytest.raises(Refused) as no:
                recipe.check_move(state, key, move.by, {})
            assert no.value.code == "not_from_here"


@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_expression_is_evaluated_with_every_name_null(level: int) -> None:
    """A condition, a default and a suggestion answer; a figure is missing at most."""
    for written in expressions_of(effective(three_levels(), level).body):
        compiled = cel.expression(written.source)
        if written.copes:
            compiled.evaluate({})
        else:
            assert compiled.value({}) is None


@pytest.mark.parametrize(("level", "states", "transitions"), [(1, 6, 7), (2, 6, 7), (3, 8, 13)])
def test_incident_has_its_map_at_three_levels(level: int, states: int, transitions: int) -> None:
    body = effective(three_levels(), level).body
    assert (len(body.states), len(body.transitions)) == (states, transitions)
