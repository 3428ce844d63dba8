"""Priority matrices to choose from, and the overlay that puts one into a recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field as Spec
from pydantic import TypeAdapter

from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.lexis import Key, Model, Sentence, Text
from brigade.kernel.recipes.overlay import Operation, value_at
from brigade.kernel.recipes.parse_yaml import plain

FILE = Path(__file__).with_name("matrices.yaml")
Cell = Annotated[int, Spec(ge=1, le=9)]
_Steps = Annotated[list[Text], Spec(min_length=2, max_length=7)]


class Begins(Model):
    """What a new record gets: the impact for each answer of `impact_from`, and its urgency."""

    impact: Annotated[list[int], Spec(min_length=3, max_length=3)]
    urgent: int
    otherwise: int


class Matrix(Model):
    """A matrix in the library: the steps of impact and urgency, and a priority for each pair."""

    title: Text
    note: Sentence
    impact: _Steps
    urgency: _Steps
    cells: list[list[Cell]]
    begins: Begins


@cache
def matrices() -> dict[str, Matrix]:
    """Return the matrices to choose from, by key."""
    data, _lines = plain(FILE.read_text("utf-8"))
    return TypeAdapter(dict[Key, Matrix]).validate_python(data)


def facet_with_matrix(data: Mapping[str, Any]) -> str | None:
    """Return the facet of a recipe that brings its matrix; None where none does."""
    for name, facet in data["facets"].items():
        if (facet.get("priority") or {}).get("matrix"):
            return str(name)
    return None


def edited(cells: Sequence[Sequence[int]], facet: str, why: str, author: str) -> Operation:
    """Return the operation that puts other priorities into the cells of a matrix."""
    to = {str(impact): list(row) for impact, row in enumerate(cells, start=1)}
    return Operation("set", f"facets.{facet}.priority.matrix", to, why, author)


def chosen(
    matrix: Matrix, data: Mapping[str, Any], facet: str, why: str, author: str
) -> list[Operation]:
    """Return the operations that make a recipe use a matrix of the library.

    What the recipe says already needs none. Impact and urgency get the steps of the
    matrix and begin where it says.
    """
    wanted: dict[str, Any] = {f"facets.{facet}.priority.matrix": matrix.cells}
    for name in ("impact", "urgency"):
        steps = getattr(matrix, name)
        path = f"facets.{facet}.fields.{name}"
        wanted[f"{path}.of"] = list(range(1, len(steps) + 1))
        wanted[f"{path}.labels"] = {str(n): label for n, label in enumerate(steps, start=1)}
    wanted |= _beginnings(matrix.begins, facet)
    operations = []
    for path, to in wanted.items():
        if path.endswith(".matrix"):
            operation = edited(to, facet, why, author)
        else:
            operation = Operation("set", path, to, why, author)
        if not _same(data, operation):
            operations.append(operation)
    return operations


def owned_paths(facet: str) -> tuple[str, ...]:
    """Return the paths that choosing a matrix decides on."""
    fields = f"facets.{facet}.fields"
    parts = ("of", "labels", "default_expr")
    inner = [f"{fields}.{name}.{part}" for name in ("impact", "urgency") for part in parts]
    return (f"facets.{facet}.priority.matrix", *inner)


def _beginnings(begins: Begins, facet: str) -> dict[str, str]:
    high, middle, low = begins.impact
    asked = "impact_from(service.criticality, affected_users)"
    if begins.impact == [1, 2, 3]:
        impact = f"service == null ? {low} : {asked}"
    else:
        graded = f"{asked} == 1 ? {high} : {asked} == 2 ? {middle} : {low}"
        impact = f"service == null ? {low} : ({graded})"
    return {
        f"facets.{facet}.fields.impact.default_expr": impact,
        f"facets.{facet}.fields.urgency.default_expr": (
            f"urgent == true ? {begins.urgent} : {begins.otherwise}"
        ),
    }


def _same(data: Mapping[str, Any], operation: Operation) -> bool:
    try:
        there = value_at(data, operation.path)
    except RecipeError:
        return False
    if isinstance(there, Mapping):
        there = {str(key): value for key, value in there.items()}
    return bool(there == operation.to)
