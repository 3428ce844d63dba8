"""How facets become one recipe."""

from __future__ import annotations

import pytest

from brigade.kernel.recipes.compile import compile_recipe
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.merge import effective, levels
from brigade.kernel.recipes.parse import read
from tests.kernel.recipes.recipes_for_tests import THREE_LEVELS, three_levels


def test_facets_lie_over_each_other_in_level_order() -> None:
    assert levels(three_levels()) == [1, 2, 3]
    assert effective(three_levels(), 2).facets == (
        "core", "classify", "prioritise", "clocks", "knowledge_loop",
    )  # fmt: skip


def test_kpis_policies_and_links_append_and_lists_else_replace() -> None:
    body = effective(three_levels(), 3).body
    assert body.kpis == ["K06", "K01", "K02", "K03", "K05", "K07", "K04", "K10", "K22", "K09",
                         "K50", "K41"]  # fmt: skip
    assert len(body.policies) == 4
    assert len(body.links) == 7
    restore = body.clocks["restore"]
    assert restore.target == "incident.restore"
    assert restore.stop is not None
    assert restore.stop.enter == ["resolved", "review"]


def test_a_reference_to_what_is_not_adopted_is_left_out() -> None:
    recipe = compile_recipe(three_levels(), 3, off=["major"])
    stop = recipe.clocks["provider"].stop
    assert stop is not None
    assert stop.any == ["hand_back", "resolve"]
    assert recipe.transitions["hand_off"].from_ == ("active",)
    assert len(recipe.states) == 6


def test_a_single_facet_is_adopted_early_where_its_needs_hold() -> None:
    recipe = compile_recipe(three_levels(), 2, on=["major"])
    assert len(recipe.states) == 8
    with pytest.raises(RecipeError) as no:
        effective(three_levels(), 1, on=["major"])
    assert [error.code for error in no.value.errors] == ["E09"]


def test_a_need_that_is_switched_off_is_an_error() -> None:
    with pytest.raises(RecipeError) as no:
        effective(three_levels(), 2, off=["classify"])
    assert {error.path for error in no.value.errors} == {
        "facets.prioritise.needs",
        "facets.knowledge_loop.needs",
    }


def test_facets_that_contradict_each_other_are_named_with_a_line() -> None:
    text = THREE_LEVELS.read_text().replace(
        "clocks: {restore: {stop: {enter: [resolved, review]}}}",
        "clocks: {restore: {calendar: {a: b}}}",
    )
    with pytest.raises(RecipeError) as no:
        read(text)
    assert no.value.errors[0].line


def test_what_is_run_has_one_checksum_for_each_choice() -> None:
    chosen = [
        compile_recipe(three_levels(), 3).checksum,
        compile_recipe(three_levels(), 3, off=["major"]).checksum,
        compile_recipe(three_levels(), 2).checksum,
    ]
    assert len(set(chosen)) == 3
    assert compile_recipe(three_levels(), 2).checksum == chosen[2]
