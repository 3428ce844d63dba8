"""The fields that the organisation added to the recipes that run here.

One name is one field, whichever practices have it: a queue shows records of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.elements import Field
from brigade.kernel.recipes.queries import running_recipes

PREFIX = "field_"
"""Stands before the name of such a field where other names stand beside it: in an address."""
SOUGHT = frozenset(
    {"text", "bool", "int", "number", "enum", "tree", "date", "party", "team", "organisation",
     "service"}
)  # fmt: skip
"""Types of fields by whose values records are looked up."""
DIVIDES = frozenset({"enum", "tree", "bool"})
"""Types of fields that have few values: figures are broken down by them."""


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of the organisation's own, and the first recipe that has it."""

    recipe: CompiledRecipe
    field: Field

    @property
    def label(self) -> str:
        """Its name for the reader."""
        return self.recipe.label(self.field.key)


def own_fields(recipes: Iterable[CompiledRecipe] | None = None) -> dict[str, OwnField]:
    """Return the organisation's own fields by name, of these recipes or of all that run."""
    found: dict[str, OwnField] = {}
    for recipe in running_recipes() if recipes is None else recipes:
        for key, field in recipe.fields.items():
            if field.own:
                found.setdefault(key, OwnField(recipe, field))
    return found
