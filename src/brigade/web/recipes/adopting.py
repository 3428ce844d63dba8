"""Adopting a practice: how far, who answers for it, and why."""

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
from brigade.kernel.parties.queries import person_of
from brigade.kernel.recipes import library
from brigade.kernel.recipes.access import may_adopt
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.manifests import manifests
from brigade.kernel.recipes.merge import levels
from brigade.kernel.recipes.queries import adoption_of
from brigade.kernel.refused import Hidden, Refused
from brigade.web.recipes.recipes import require_staff
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.controls import Control, picked_person, refilled

if TYPE_CHECKING:
    from brigade.kernel.recipes.models import Adoption
    from brigade.kernel.recipes.parse import Document


@login_required
@require_http_methods(["GET", "POST"])
def adoption(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for level, owner and reason; new records follow what is adopted, running ones do not."""
    require_staff(request)
    document = library.installed().get(key)
    if document is None:
        raise Hidden("no_such_recipe", _("There is no recipe “%(key)s” here.") % {"key": key})
    person = reader(request)
    needed(may_adopt(person))
    decision = adoption_of(key)
    controls = _controls(document, decision)
    if request.method == "GET":
        return _form(request, key, document, decision, controls)
    try:
        owner = person_of(picked_person(request, "owner"))
        level = request.POST.get("level", "")
        adopt(
            key,
            by=person,
            level=int(level) if level in ("1", "2", "3") else 0,
            owner=owner,
            rationale=request.POST.get("rationale", "").strip()[:2000],
        )
    except Refused as no:
        if no.status in (403, 404):
            raise
        again = [refilled(request, one) for one in controls]
        return _form(request, key, document, decision, again, no)
    messages.success(request, _("Adopted. New records follow it; running ones keep their version."))
    return redirect(reverse("recipe", args=[key]))


def _controls(document: Document, decision: Adoption | None) -> list[Control]:
    key = document.recipe.recipe
    brings = manifests()[key].levels
    options = [
        {
            "value": level,
            "label": _("Level %(level)d") % {"level": level},
            "hint": _(brings.get(level, "")),
        }
        for level in levels(document)
    ]
    owner = decision.owner if decision else None
    level = decision.level if decision else 1
    return [
        Control("level", _("How far?"), "choice", level, options=options),
        Control(
            "owner", _("Who answers for it?"), "picker", owner.pk if owner else "",
            owner.name if owner else "", _("One person, whom everybody can ask."),
            source=reverse("pick_people"),
        ),
        Control(
            "rationale", _("Why?"), "textarea", decision.rationale if decision else "",
            hint=_("What it is good for here. Auditors read it, and whoever comes after you."),
            optional=True,
        ),
    ]  # fmt: skip


def _form(
    request: HttpRequest,
    key: str,
    document: Document,
    decision: Adoption | None,
    controls: list[Control],
    no: Refused | None = None,
) -> HttpResponse:
    known = {one.name for one in controls}
    field = no.field if no and no.field in known else ""
    context: dict[str, Any] = {
        "key": key,
        "title": _(document.recipe.title),
        "newest": document.recipe.version,
        "here": decision.version.version if decision and decision.version else "",
        "readiness": {
            level: [_(sentence) for sentence in sentences]
            for level, sentences in document.recipe.readiness.items()
        },
        "controls": controls,
        "errors": {field: str(no.message)} if no else {},
    }
    return page(request, "recipes/adoption.jinja", context, no.status if no else 200)


urlpatterns = [path("recipes/<str:key>/adoption", adoption, name="recipe_adoption")]
