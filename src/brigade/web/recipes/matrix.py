"""The matrix of impact and urgency: read it, choose another, or change single cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brigade.kernel.parties.access import needed
from brigade.kernel.recipes.access import may_adopt
from brigade.kernel.recipes.matrices import matrices
from brigade.kernel.recipes.queries import adoption_of, recipe_version
from brigade.kernel.recipes.tailoring import choose_matrix, edit_matrix
from brigade.kernel.refused import Hidden, Invalid, Refused
from brigade.web.recipes.recipes import require_staff
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe


@login_required
@require_http_methods(["GET", "POST"])
def matrix(request: HttpRequest, key: str) -> HttpResponse:
    """Show the matrix that new records follow; who may adopt the practice may change it."""
    require_staff(request)
    decision = adoption_of(key)
    if decision is None or decision.version_id is None:
        raise Hidden("not_adopted", _("No practice of this name runs here."))
    recipe = recipe_version(decision.version_id)
    if request.method == "GET":
        return _shown(request, key, recipe)
    try:
        _change(request, key, recipe)
    except Refused as no:
        if no.status in (403, 404):
            raise
        return _shown(request, key, recipe, no)
    messages.success(request, _("New records follow this matrix. Running ones keep theirs."))
    return redirect(reverse("recipe_matrix", args=[key]))


def _change(request: HttpRequest, key: str, recipe: CompiledRecipe) -> None:
    person, sent = reader(request), request.POST
    needed(may_adopt(person))
    if sent.get("do") == "choose":
        choose_matrix(key, sent.get("matrix", ""), by=person, why=sent.get("why", ""))
        return
    cells = [
        [_cell(sent.get(f"cell-{impact}-{urgency}", "")) for urgency, _old in enumerate(row, 1)]
        for impact, row in recipe.priority.matrix.items()
    ]
    edit_matrix(key, cells, by=person, why=sent.get("why", ""))


def _cell(text: str) -> int:
    if not (text.isdecimal() and len(text) == 1):
        raise Invalid("bad_priority", _("Choose a priority for every cell."), "matrix")
    return int(text)


def _shown(
    request: HttpRequest, key: str, recipe: CompiledRecipe, no: Refused | None = None
) -> HttpResponse:
    sent = request.POST
    context: dict[str, Any] = {
        "key": key,
        "title": _(recipe.title),
        "recipe": recipe,
        "may": may_adopt(reader(request)),
        "rows": _rows(recipe, sent),
        "columns": _steps(recipe, "urgency"),
        "priorities": [
            (level, recipe.priority_label(level))
            for level in range(1, len(recipe.priority.labels) + 1)
        ],
        "known": [
            {"value": name, "label": _(each.title), "hint": _(each.note)}
            for name, each in matrices().items()
        ],
        "why": sent.get("why", ""),
        "chosen": sent.get("matrix", ""),
        "doing": sent.get("do", ""),
        "errors": {no.field or "": str(no.message)} if no else {},
    }
    return page(request, "recipes/matrix.jinja", context, no.status if no else 200)


def _steps(recipe: CompiledRecipe, name: str) -> list[str]:
    field = recipe.fields.get(name)
    return [recipe.choice_label(name, one) for one in field.of] if field else []


def _rows(recipe: CompiledRecipe, sent: Any) -> list[dict[str, Any]]:
    labels = _steps(recipe, "impact")
    return [
        {
            "label": labels[impact - 1] if impact <= len(labels) else str(impact),
            "cells": [
                {
                    "name": f"cell-{impact}-{urgency}",
                    "level": level,
                    "words": recipe.priority_label(level),
                    "value": sent.get(f"cell-{impact}-{urgency}", level),
                }
                for urgency, level in enumerate(row, start=1)
            ],
        }
        for impact, row in recipe.priority.matrix.items()
    ]


urlpatterns = [path("recipes/<str:key>/matrix", matrix, name="recipe_matrix")]
