"""What an organisation changes in a recipe: operations on paths, merged before it is compiled."""

from __future__ import annotations

import copy
import csv
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade.kernel.recipes import library
from brigade.kernel.recipes.compile import compile_recipe
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.matrices import chosen, matrices
from brigade.kernel.recipes.overlay import (
    Operation,
    applied,
    overlaid,
    read_all,
    value_at,
    with_operations,
)
from brigade.kernel.recipes.parse import Document

FIELD = "facets.classify.fields.category"


def incident() -> Document:
    return library.installed()["incident"]


def one(kind: str, path: str, to: Any = None) -> Operation:
    return Operation(kind, path, to, "because", "Pia")


def leaves(data: Any, path: str = "") -> dict[str, Any]:
    """Every leaf of a recipe by its path; a list is one leaf."""
    if not isinstance(data, dict):
        return {path: data}
    found: dict[str, Any] = {}
    for key, value in data.items():
        found |= leaves(value, f"{path}.{key}".lstrip("."))
    return found


LEAVES = {
    path: value
    for path, value in leaves(library.installed()["incident"].data["facets"], "facets").items()
    if path.split(".")[2] not in ("level", "needs")
}
a_leaf = st.sampled_from(sorted(LEAVES))
scalar = st.one_of(st.integers(0, 9), st.text(max_size=5), st.booleans(), st.lists(st.integers()))


@given(path=a_leaf, to=scalar)
def test_what_is_set_is_there_and_nothing_else_moves(path: str, to: Any) -> None:
    before = copy.deepcopy(incident().data)
    after = applied(incident().data, [one("set", path, to)])

    assert value_at(after, path) == to
    assert incident().data == before
    expected = leaves(before["facets"], "facets") | {path: to}
    assert leaves(after["facets"], "facets") == expected


@given(path=a_leaf)
def test_what_is_taken_away_and_added_again_is_as_it_was(path: str) -> None:
    gone = applied(incident().data, [one("unset", path)])
    with pytest.raises(RecipeError):
        value_at(gone, path)
    assert applied(gone, [one("add", path, LEAVES[path])]) == incident().data


@given(paths=st.lists(a_leaf, min_size=2, max_size=4, unique=True), to=scalar, data=st.data())
def test_operations_on_several_leaves_may_come_in_any_order(
    paths: list[str], to: Any, data: st.DataObject
) -> None:
    operations = [one("set", path, to) for path in paths]
    shuffled = data.draw(st.permutations(operations))
    assert applied(incident().data, operations) == applied(incident().data, shuffled)


@given(path=a_leaf, first=scalar, second=scalar)
def test_one_path_has_one_operation_and_the_library_can_hold_again(
    path: str, first: Any, second: Any
) -> None:
    overlay = with_operations([one("set", path, first)], [one("set", path, second)])
    assert overlay == (one("set", path, second),)
    assert with_operations(overlay, [], without=[path]) == ()


def test_a_map_merges_and_a_list_is_one_leaf() -> None:
    after = applied(
        incident().data,
        [
            one("set", "facets.prioritise.priority.matrix", {"1": [1, 1, 1]}),
            one("set", f"{FIELD}.of.hardware.of", {"scanner": {"label": "Scanner"}}),
        ],
    )
    assert value_at(after, "facets.prioritise.priority.matrix") == {
        1: [1, 1, 1], 2: [2, 3, 4], 3: [3, 4, 5],
    }  # fmt: skip
    assert set(value_at(after, f"{FIELD}.of.hardware.of")) >= {"scanner", "computer"}
    with pytest.raises(RecipeError, match="a list is one leaf"):
        applied(incident().data, [one("set", "facets.core.kpis.0", "K01")])


def test_an_element_is_renamed_and_keeps_its_key() -> None:
    name = {"en": "Machine", "de": "Maschine"}
    document = overlaid(incident(), [one("rename_label", f"{FIELD}.of.hardware", name)])
    recipe = compile_recipe(document, 2)
    assert recipe.choice_label("category", "hardware.printer", "de").startswith("Maschine › ")


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (one("set", "facets.core.timers.nothing.after", "3d"), "nothing leads to"),
        (one("unset", "facets.core.timers.nothing"), "nothing at this path"),
        (one("add", "facets.core.timers.autoclose", {}), "there already"),
        (one("set", "facets.classify.level", 1), "not tailored"),
        (one("set", "record.prefix", "XXX"), "into a facet"),
        (one("unset", "facets.core"), "into a facet"),
        (one("rename_label", "facets.core.kpis", "Figures"), "only what is a map"),
        (one("set", "facets.core.timers.autoclose.after", "soon"), "should match pattern"),
        (one("set", "facets.core.states.new.colour", "red"), "nothing at this path"),
        (one("add", "facets.core.states.new.colour", "red"), "not permitted"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(operation: Operation, reason: str) -> None:
    with pytest.raises(RecipeError, match=reason) as no:
        overlaid(incident(), [operation])
    assert operation.path in str(no.value)


@pytest.mark.parametrize(
    "data",
    [
        {"set": "a.b.c", "unset": "a.b.c", "why": "x"},
        {"set": "a.b.c", "why": "x"},
        {"unset": "a.b.c", "to": 1, "why": "x"},
        {"unset": "a.b.c"},
        {"unset": "a.b.c", "why": " "},
        {"unset": "a.b.c", "why": "x", "colour": "red"},
        {"set": 3, "to": 1, "why": "x"},
    ],
)
def test_what_is_no_operation_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        read_all([data])


def test_an_overlay_is_read_as_it_is_written() -> None:
    operations = (one("set", "facets.core.timers.autoclose.after", "3d"), one("unset", "a.b.c"))
    assert read_all([each.as_dict() for each in operations]) == operations
    with pytest.raises(RecipeError, match="two operations"):
        read_all([operations[0].as_dict()] * 2)


@pytest.mark.parametrize("name", sorted(matrices()))
def test_every_matrix_makes_a_sound_recipe(name: str) -> None:
    matrix = matrices()[name]
    more = chosen(matrix, incident().data, "prioritise", "because", "Pia")
    recipe = compile_recipe(overlaid(incident(), more), 2)
    for impact, row in enumerate(matrix.cells, start=1):
        for urgency, priority in enumerate(row, start=1):
            assert recipe.priority_of({"impact": impact, "urgency": urgency}) == priority
    vital = {"service": {"criticality": 4}, "affected_users": 12, "urgent": True}
    assert recipe.default_values(vital)["impact"] == matrix.begins.impact[0]
    assert (name == "standard") == (more == [])


@pytest.mark.real_data
def test_the_matrices_say_what_their_sources_say() -> None:
    folder = Path(os.environ["BRIGADE_TEST_DATA"])
    told: dict[tuple[str, int, int], int] = {}
    with (folder / "reference/priority_matrices.csv").open(encoding="utf-8") as text:
        for row in csv.DictReader(text):
            values = {row["row_axis"].split(" ")[0]: row["row"], row["column_axis"]: row["column"]}
            numbers = {axis: int(value.split(" ")[0]) for axis, value in values.items()}
            result = int(row["result"].split(" ")[0])
            told[row["matrix"].split(" ")[0], numbers["impact"], numbers["urgency"]] = result
    names = {
        "GLPI": "five_steps",
        "ServiceNow": "four_priorities",
        "iTop": "department_group_person",
    }
    for (source, impact, urgency), result in told.items():
        cells = matrices()[names[source]].cells
        if source == "GLPI":  # its scale has 5 as the highest
            impact, urgency, result = 6 - impact, 6 - urgency, 6 - result
        assert cells[impact - 1][urgency - 1] == result, (source, impact, urgency)
    assert len(told) == 25 + 8 + 12
