"""Recipes: which practices run here, the map of each one, its matrix."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import ok
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Category
from brigade.api.recipe_drafts import RecipeDraftOut, draft_shown
from brigade.kernel.parties.access import is_staff, needed
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.elements import in_language
from brigade.kernel.recipes.queries import adoptions, recipe_version, running
from brigade.kernel.recipes.tailoring import choose_matrix, edit_matrix
from brigade.kernel.recipes.world import check, published
from brigade.kernel.refused import Invalid

router = Router(tags=["recipes"])


class RunningOut(Schema):
    """A practice that runs here."""

    key: str
    level: int
    version: str
    adopted_at: datetime


class Running(Schema):
    """Every practice that runs here, by key."""

    items: list[RunningOut]


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
    when: str | None = Field(description="The formula that says for which records it is meant.")
    public: bool = Field(description="Whether whoever asked for a record may read it.")
    own: bool = Field(description="Whether the organisation added it.")


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


@router.get("/recipes", response=answers({200: Running}, *LISTED), summary="List recipes")
def list_recipes(request: HttpRequest) -> HttpResponse:
    """The practices that run here; the Statement of Adoption has the others, with reasons."""
    return ok(
        {
            "items": [
                {
                    "key": each.key,
                    "level": each.level,
                    "version": each.version.version,
                    "adopted_at": each.adopted_at,
                }
                for each in adoptions()
                if each.state == "adopted" and each.version
            ]
        }
    )


@router.get("/recipes/{key}", response=answers({200: RecipeOut}, *READ), summary="Read a recipe")
def read_recipe(
    request: HttpRequest, key: Annotated[str, Path(description="Such as incident.")]
) -> HttpResponse:
    """States, transitions and fields of a practice that runs here, as far as one may know them."""
    recipe = _running(key)
    hidden = frozenset() if is_staff(caller(request)) else recipe.internal_own()
    return ok(_recipe(recipe, hidden))


class MatrixOut(Schema):
    """The priority of every pair: a row is an impact, a place in it an urgency; 1 is highest."""

    version: str
    impact: list[str]
    urgency: list[str]
    cells: list[list[int]]


class MatrixBody(Asked):
    """Either the name of a matrix of the library, or the priorities of every cell; and why."""

    choose: Annotated[str, StringConstraints(max_length=40)] | None = None
    cells: Annotated[list[list[int]], Field(max_length=9)] | None = None
    why: Annotated[str, StringConstraints(max_length=400)]


RecipeKey = Annotated[str, Path(max_length=40, description="Such as incident.")]


@router.get(
    "/recipes/{key}/matrix", response=answers({200: MatrixOut}, *READ), summary="Read the matrix"
)
def read_matrix(request: HttpRequest, key: RecipeKey) -> HttpResponse:
    """By which impact and urgency give a new record its priority; empty where they do not."""
    return ok(_matrix(_running(key)))


@router.put(
    "/recipes/{key}/matrix",
    response=answers({200: RecipeDraftOut}, *WRITE),
    summary="Change the matrix in the draft",
)
def put_matrix(request: HttpRequest, key: RecipeKey, asked: MatrixBody) -> HttpResponse:
    """Take another matrix, or change its cells: in the open draft, else in one that is begun.

    New records follow it once the draft is approved and published.
    """
    person = caller(request)
    if (asked.choose is None) == (asked.cells is None):
        raise Invalid(
            "nothing_given", _("Give either the name of a matrix, or its cells."), "cells"
        )
    if asked.choose is not None:
        draft = choose_matrix(key, asked.choose, by=person, why=asked.why)
    else:
        draft = edit_matrix(key, asked.cells or [], by=person, why=asked.why)
    return ok(draft_shown(draft))


class FindingOut(Schema):
    """What lint finds: an error stands in the way of publishing, a warning asks for a look."""

    code: str = Field(description="Such as E05 or W03.")
    severity: Literal["error", "warning"]
    message: str
    remedy: str = Field(description="How it is put right.")
    path: str
    line: int | None


class Findings(Schema):
    """Every finding, in the order of the file."""

    items: list[FindingOut]


@router.get(
    "/recipes/{key}/findings",
    response=answers({200: Findings}, *READ),
    summary="Read what lint finds",
)
def read_findings(request: HttpRequest, key: RecipeKey) -> HttpResponse:
    """What is wrong with the recipe that runs here, judged by what is true here."""
    needed(is_staff(caller(request)))
    version = running(key).version
    found = check(published(version.pk)) if version else []
    return ok({"items": [each.as_dict() for each in found]})


def _running(key: str) -> CompiledRecipe:
    version = running(key).version
    assert version is not None
    return recipe_version(version.pk)


def _matrix(recipe: CompiledRecipe) -> dict[str, Any]:
    steps = {
        name: [recipe.choice_label(name, one) for one in recipe.fields[name].of]
        if name in recipe.fields
        else []
        for name in ("impact", "urgency")
    }
    cells = [list(row) for row in recipe.priority.matrix.values()]
    return {"version": recipe.version, "cells": cells, **steps}


def _recipe(recipe: CompiledRecipe, hidden: frozenset[str]) -> dict[str, Any]:
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
        "fields": [one for one in _fields(recipe) if one["name"] not in hidden],
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
            "when": each.when.source if each.when else None,
            "public": each.public,
            "own": each.own,
        }
        for each in recipe.fields.values()
    ]
