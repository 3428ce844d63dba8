"""The matrix of impact and urgency: read it, choose another, or change single cells of a draft."""

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
from brigade.kernel.recipes.access import may_draft
from brigade.kernel.recipes.drafting import drawable
from brigade.kernel.recipes.matrices import matrices
from brigade.kernel.recipes.queries import draft_of, read_draft, recipe_version, running
from brigade.kernel.recipes.tailoring import choose_matrix, edit_matrix
from brigade.kernel.refused import Invalid, Refused
from brigade.web.recipes.recipes import require_staff
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.recipes.models import Adoption, RecipeDraft


@login_required
@require_http_methods(["GET", "POST"])
def matrix(request: HttpRequest, key: str) -> HttpResponse:
    """Show the matrix of the open draft, else the one new records follow; writers change it."""
    require_staff(request)
    adoption, draft = running(key), draft_of(key)
    assert adoption.version is not None  # a practice that runs has one
    recipe = (drawable(read_draft(draft)) if draft else None) or recipe_version(adoption.version.pk)
    if request.method == "GET":
        return _shown(request, adoption, draft, recipe)
    try:
        _change(request, adoption, recipe)
    except Refused as no:
        if no.status in (403, 404):
            raise
        return _shown(request, adoption, draft_of(key), recipe, no)
    messages.success(request, _("Kept in the draft. Nothing that runs has changed yet."))
    return redirect(f"{reverse('recipe_draft', args=[key])}?part=differences")


def _change(request: HttpRequest, adoption: Adoption, recipe: CompiledRecipe) -> None:
    person, sent, key = reader(request), request.POST, adoption.key
    needed(may_draft(person, adoption))
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
    request: HttpRequest,
    adoption: Adoption,
    draft: RecipeDraft | None,
    recipe: CompiledRecipe,
    no: Refused | None = None,
) -> HttpResponse:
    sent = request.POST
    writes = may_draft(reader(request), adoption)
    context: dict[str, Any] = {
        "key": adoption.key,
        "title": _(recipe.title),
        "recipe": recipe,
        "draft": draft,
        "may_draft": writes,
        "may": writes and (draft is None or draft.state == "draft"),
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
