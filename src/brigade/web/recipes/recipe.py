"""The page of a recipe: its map drawn, and its rules in words. Nothing is changed here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markupsafe import Markup

from brigade.kernel.recipes import library
from brigade.kernel.recipes.access import may_adopt, may_draft
from brigade.kernel.recipes.compile import compile_recipe
from brigade.kernel.recipes.diagram import svg
from brigade.kernel.recipes.manifests import Manifest, manifests
from brigade.kernel.recipes.merge import levels
from brigade.kernel.recipes.queries import adoption_of, draft_of, recipe_version, versions_of
from brigade.kernel.recipes.words import state_in_words, states_in_words
from brigade.kernel.recipes.world import check, published
from brigade.kernel.records.lists import COUNT_CAP, OPEN, ListFilter, counts
from brigade.kernel.refused import Hidden
from brigade.web.recipes import words
from brigade.web.recipes.recipes import require_staff
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.recipes.errors import LintError
    from brigade.kernel.recipes.models import Adoption


@login_required
@require_GET
def recipe(request: HttpRequest, key: str) -> HttpResponse:
    """Show one part of a recipe; one that is not installed shows what it is for."""
    require_staff(request)
    manifest = manifests().get(key)
    if manifest is None:
        raise Hidden("no_such_recipe", _("There is no recipe “%(key)s” here.") % {"key": key})
    decision = adoption_of(key)
    compiled = _compiled(key, decision)
    context = _outline(key, manifest, decision, reader(request))
    if compiled is None:
        return page(request, "recipes/outline.jinja", context)
    return page(request, "recipes/recipe.jinja", context | _whole(request, key, compiled, decision))


def _compiled(key: str, decision: Adoption | None) -> CompiledRecipe | None:
    """Return what runs here, else what the library would bring at its first level."""
    if decision is not None and decision.version_id is not None:
        return recipe_version(decision.version_id)
    document = library.installed().get(key)
    return None if document is None else compile_recipe(document, levels(document)[0])


def _outline(
    key: str, manifest: Manifest, decision: Adoption | None, person: Person
) -> dict[str, Any]:
    adopted = decision is not None and decision.state == "adopted"
    return {
        "key": key,
        "title": _(manifest.title),
        "purpose": _(manifest.purpose),
        "accountable": words.role(manifest.accountable),
        "decision": decision,
        "adopted": adopted,
        "levels": [
            {
                "level": level,
                "brings": _(brings),
                "needs": _needed(manifest.needs.get(level, [])),
                "here": adopted and decision is not None and decision.level == level,
            }
            for level, brings in manifest.levels.items()
        ],
        "maps": words.maps(manifest),
        "kpis": manifest.kpis,
        "may_adopt": may_adopt(person),
        "may_draft": decision is not None and may_draft(person, decision),
        "draft": draft_of(key),
        "newer": _newer(key, decision),
    }


def _newer(key: str, decision: Adoption | None) -> str:
    """Return the version of the library where an older one runs here, else an empty text."""
    version = decision.version if decision else None
    newer = library.newer(key, version.version, version.source) if version else None
    return newer.recipe.version if newer else ""


def _needed(needs: list[str]) -> list[str]:
    known = manifests()
    return [
        _("%(practice)s at level %(level)s")
        % {"practice": _(known[name].title) if name in known else name, "level": level}
        for name, _sign, level in (need.partition(">=") for need in needs)
    ]


def _whole(
    request: HttpRequest, key: str, recipe: CompiledRecipe, decision: Adoption | None
) -> dict[str, Any]:
    versions = versions_of(key)
    parts = words.parts(recipe, len(versions))
    asked = request.GET.get("part", "")
    part = asked if asked in {name for name, _words, _count in parts} else "flow"
    tabs = [
        {"label": label, "count": count, "href": f"?part={name}", "current": name == part}
        for name, label, count in parts
    ]
    return {"recipe": recipe, "part": part, "tabs": tabs} | _part(
        request, part, recipe, versions, decision
    )


def _part(
    request: HttpRequest,
    part: str,
    recipe: CompiledRecipe,
    versions: list[Any],
    decision: Adoption | None,
) -> dict[str, Any]:
    match part:
        case "fields":
            return {"fields": words.fields(recipe)}
        case "rules":
            return {
                "clocks": words.clocks(recipe),
                "timers": words.timers(recipe),
                "priorities": words.priorities(recipe),
                "findings": _findings(decision),
            }
        case "roles":
            return {"duties": words.duties(recipe), "told": words.told(recipe)}
        case "versions":
            return {"versions": versions}
        case _:
            return _flow(request, recipe)


def _findings(decision: Adoption | None) -> list[LintError]:
    """Return what lint finds in what runs here; of what only lies in the library, nothing."""
    running = decision is not None and decision.state == "adopted"
    if decision is None or decision.version_id is None or not running:
        return []
    return check(published(decision.version_id))


def _flow(request: HttpRequest, recipe: CompiledRecipe) -> dict[str, Any]:
    asked = request.GET.get("state", "")
    selected = asked if asked in recipe.states else recipe.initial
    drawn = svg(recipe, selected=selected, link="?state={key}#map")
    here = ListFilter(kinds=(recipe.kind,), categories=OPEN.categories)
    in_state = ListFilter(kinds=(recipe.kind,), states=(selected,))
    found = counts(reader(request), {"open": here, "state": in_state})
    return {
        "drawing": Markup(drawn),  # our own SVG; every label in it is escaped
        "selected": state_in_words(recipe, selected),
        "states": states_in_words(recipe),
        "open": found["open"],
        "in_state": found["state"],
        "cap": COUNT_CAP,
        "categories": words.CATEGORIES,
    }


urlpatterns = [path("recipes/<str:key>", recipe, name="recipe")]
