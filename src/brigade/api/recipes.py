"""Recipes, read only: which practices run here, and what the map of each one is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field

from brigade.api.frame.answers import ok
from brigade.api.frame.problems import LISTED, READ, answers
from brigade.api.frame.shapes import Category
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.elements import in_language
from brigade.kernel.recipes.queries import adoption_of, adoptions, recipe_version
from brigade.kernel.refused import Hidden

router = Router(tags=["recipes"])


class AdoptionOut(Schema):
    """What the organisation has decided about a practice."""

    key: str
    state: str = Field(description="considered, planned, adopted or declined.")
    level: int
    version: str | None
    adopted_at: datetime | None


class Adoptions(Schema):
    """Every practice that has been decided about, by key."""

    items: list[AdoptionOut]


class StateOut(Schema):
    """A state of the map."""

    name: str
    label: str
    category: Category
    terminal: bool


class MoveOut(Schema):
    """A transition, and the roles that may fire it."""

    name: str
    label: str
    from_states: list[str]
    to: str
    by: list[str]


class FieldOut(Schema):
    """A field of the records of this recipe."""

    name: str
    label: str
    type: str
    choices: list[str | int]
    required_in: list[str] = Field(description="The states in which it must be filled in.")


class RecipeOut(Schema):
    """The effective recipe that new records run."""

    key: str
    version: str
    level: int
    kind: str
    title: str
    purpose: str
    initial: str
    states: list[StateOut]
    transitions: list[MoveOut]
    fields: list[FieldOut]


@router.get("/recipes", response=answers({200: Adoptions}, *LISTED), summary="List recipes")
def list_recipes(request: HttpRequest) -> HttpResponse:
    """What has been decided about each practice."""
    return ok(
        {
            "items": [
                {
                    "key": each.key,
                    "state": each.state,
                    "level": each.level,
                    "version": each.version.version if each.version else None,
                    "adopted_at": each.adopted_at,
                }
                for each in adoptions()
            ]
        }
    )


@router.get("/recipes/{key}", response=answers({200: RecipeOut}, *READ), summary="Read a recipe")
def read_recipe(
    request: HttpRequest, key: Annotated[str, Path(description="Such as incident.")]
) -> HttpResponse:
    """States, transitions and fields of a practice that runs here."""
    adopted = None if "\0" in key else adoption_of(key)
    if adopted is None or adopted.version_id is None:
        raise Hidden("not_adopted", _("No practice of this name runs here."))
    return ok(_recipe(recipe_version(adopted.version_id)))


def _recipe(recipe: CompiledRecipe) -> dict[str, Any]:
    plain = ("key", "version", "level", "kind", "initial")
    shown: dict[str, Any] = {name: getattr(recipe, name) for name in plain}
    return shown | {
        "title": in_language(recipe.title),
        "purpose": in_language(recipe.purpose),
        "states": [
            {
                "name": each.key,
                "label": in_language(each.label),
                "category": each.category,
                "terminal": each.terminal,
            }
            for each in recipe.states.values()
        ],
        "transitions": [
            {
                "name": each.key,
                "label": in_language(each.label),
                "from_states": list(each.from_),
                "to": each.to,
                "by": list(each.by),
            }
            for each in recipe.transitions.values()
        ],
        "fields": _fields(recipe),
    }


def _fields(recipe: CompiledRecipe) -> list[dict[str, Any]]:
    required = {state: recipe.required_fields(state) for state in recipe.states}
    return [
        {
            "name": each.key,
            "label": in_language(each.label),
            "type": each.type,
            "choices": list(each.of),
            "required_in": [state for state, names in required.items() if each.key in names],
        }
        for each in recipe.fields.values()
    ]
