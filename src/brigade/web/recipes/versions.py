"""Versions and who runs them: moving running records, going back to what ran before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from brigade.kernel.parties.access import needed
from brigade.kernel.recipes.access import may_publish
from brigade.kernel.recipes.queries import recipe_version, running
from brigade.kernel.recipes.rolling_back import before, roll_back
from brigade.kernel.refused import Refused
from brigade.kernel.work.versions.migrating import migrate_running
from brigade.kernel.work.versions.planning import Plan, plan_migration
from brigade.kernel.work.versions.queries import standings_of
from brigade.web.recipes.plan_rows import rows_of
from brigade.web.recipes.recipes import require_staff
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.controls import Control, control, type_of

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.recipes.models import Adoption

SHOWN = 100
"""Records of a plan on the page; the API has more of them."""
STATE, FIELD = "state_", "field_"


@login_required
@require_http_methods(["GET", "POST"])
def versions(request: HttpRequest, key: str) -> HttpResponse:
    """Show who runs which version; move running records, first as a list, or go back."""
    require_staff(request)
    person, adoption = reader(request), running(key)
    doing = request.POST.get("do", "")
    try:
        if doing == "roll_back":
            return _rolled_back(request, key, person)
        if doing == "migrate":
            return _migrated(request, key, person)
        if doing:
            needed(may_publish(person))
    except Refused as no:
        if no.status in (403, 404):
            raise
        return _shown(request, key, person, adoption, no)
    return _shown(request, key, person, adoption)


def _rolled_back(request: HttpRequest, key: str, person: Person) -> HttpResponse:
    to = request.POST.get("to", "")
    chosen = int(to) if to.isascii() and to.isdecimal() and len(to) < 19 else None
    adoption = roll_back(key, by=person, to=chosen)
    number = adoption.version.version if adoption.version else ""
    messages.success(
        request, _("%(version)s runs now, with what ran before.") % {"version": number}
    )
    return redirect(reverse("recipe_versions", args=[key]))


def _migrated(request: HttpRequest, key: str, person: Person) -> HttpResponse:
    states, defaults = _asked(request)
    done = migrate_running(key, by=person, states=states, defaults=defaults)
    told = ngettext("%(num)d record was moved.", "%(num)d records were moved.", done.moving)
    stay = ngettext("%(num)d keeps its version.", "%(num)d keep their version.", done.pinned)
    messages.success(request, f"{told % {'num': done.moving}} {stay % {'num': done.pinned}}")
    return redirect(reverse("recipe_versions", args=[key]))


def _asked(request: HttpRequest) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the form maps and what it fills in; nothing on the safe way."""
    if request.POST.get("way") != "mapped":
        return {}, {}
    filled = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    return _below(filled, STATE), _below(filled, FIELD)


def _below(sent: dict[str, str], prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): value
        for name, value in sent.items()
        if name.startswith(prefix) and value
    }


def _shown(
    request: HttpRequest,
    key: str,
    person: Person,
    adoption: Adoption,
    no: Refused | None = None,
) -> HttpResponse:
    assert adoption.version_id is not None  # a practice that runs has one
    recipe, may = recipe_version(adoption.version_id), may_publish(person)
    context: dict[str, Any] = {
        "key": key,
        "title": _(recipe.title),
        "recipe": recipe,
        "standings": standings_of(key),
        "may": may,
        "earlier": before(adoption) if may else None,
        "way": request.POST.get("way", "safe"),
        "errors": {no.field or "": str(no.message)} if no else {},
    }
    if may:
        safe = plan_migration(key, by=person)
        plan = safe
        if request.POST.get("do") == "plan" and no is None:
            try:
                states, defaults = _asked(request)
                plan = plan_migration(key, by=person, states=states, defaults=defaults)
            except Refused as wrong:
                no = wrong
                context["errors"] = {wrong.field or "": str(wrong.message)}
        context |= {"plan": plan, "lines": rows_of(plan, recipe)[:SHOWN]}
        context |= {"controls": _controls(request, safe, recipe, person)}
    return page(request, "recipes/running.jinja", context, no.status if no else 200)


def _controls(
    request: HttpRequest, safe: Plan, recipe: CompiledRecipe, person: Person
) -> list[Control]:
    """Return a choice for each state that is gone, and a field for each that is missing."""
    states = [(each.key, recipe.label(each.key)) for each in recipe.states.values()]
    gone = {line.state: line.version for line in safe.lines if line.reason == "state_gone"}
    missing = dict.fromkeys(name for line in safe.lines for name in line.fields)
    sent = request.POST
    mapped = [
        Control(
            f"{STATE}{state}",
            _("“%(state)s” becomes") % {"state": recipe_version(version).label(state)},
            "select",
            sent.get(f"{STATE}{state}", ""),
            options=[("", _("It stays")), *states],
        )
        for state, version in gone.items()
    ]
    for name in missing:
        if type_of(recipe, name) in ("text", "number", "select", "date", "textarea"):
            made = control(recipe, name, person, sent.get(f"{FIELD}{name}"), optional=True)
            mapped.append(Control(f"{FIELD}{name}", made.label, made.type, made.value,
                                  hint=made.hint, optional=True, options=made.options))  # fmt: skip
        elif type_of(recipe, name) == "choice":
            chosen = [(each, recipe.choice_label(name, each)) for each in recipe.fields[name].of]
            mapped.append(Control(f"{FIELD}{name}", recipe.label(name), "select",
                                  sent.get(f"{FIELD}{name}", ""), optional=True,
                                  options=[("", _("It stays")), *chosen]))  # fmt: skip
    return mapped


urlpatterns = [path("recipes/<str:key>/running", versions, name="recipe_versions")]
