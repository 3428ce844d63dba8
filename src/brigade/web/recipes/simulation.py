"""Trying a draft: the past replayed through it, a made-up record stepped. Nothing is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from brigade.kernel.parties.access import needed
from brigade.kernel.recipes.access import may_draft
from brigade.kernel.recipes.queries import draft_of, running
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.work.simulation.drafting import recipe_to_try
from brigade.kernel.work.simulation.simulating import MOST_DAYS, simulate
from brigade.kernel.work.simulation.stepping import look_at
from brigade.kernel.work.versions.planning import plan_migration
from brigade.web.recipes import words
from brigade.web.recipes.plan_rows import rows_of
from brigade.web.recipes.recipes import require_staff
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.clock_words import clock_name
from brigade.web.work.controls import control, type_of

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.work.simulation.replay import Replay
    from brigade.kernel.work.simulation.stepping import Look

SHOWN = 50
"""Rows of a finding on the page; the API has all of them."""
FIELD = "f_"
"""Before the name of a field in the address of a step, so that it is no other name there."""
REASONS = {
    "not_there": lazy("There is no such step"),
    "not_from_here": lazy("The step is not possible from that state"),
    "role": lazy("Nobody who did it may take the step"),
    "guard": lazy("The condition of the step does not hold"),
    "missing_field": lazy("A field is not filled in"),
}
CLOCKS = {
    "running": lazy("runs"),
    "paused": lazy("is paused"),
    "stopped": lazy("has stopped"),
    "void": lazy("counts for nothing"),
}


@login_required
@require_GET
def simulation(request: HttpRequest, key: str) -> HttpResponse:
    """Show a trial of the open draft; the past is driven through it once somebody asks."""
    require_staff(request)
    person, adoption = reader(request), running(key)
    needed(may_draft(person, adoption))
    assert adoption.version is not None  # a practice that runs has one
    title = adoption.version.effective["title"]
    context: dict[str, Any] = {
        "key": key,
        "title": _(title),
        "days": request.GET.get("days", "90"),
        "draft": draft_of(key),
        "errors": {},
    }
    status = 200
    if context["draft"] is not None:
        try:
            context |= _tried(request, key, person)
        except Refused as no:
            status = no.status
            context["errors"] = {no.field or "": str(no.message)}
    return page(request, "recipes/simulation.jinja", context, status)


def _tried(request: HttpRequest, key: str, person: Person) -> dict[str, Any]:
    recipe = recipe_to_try(key, person)
    plan = plan_migration(key, by=person, draft=True)
    shown = _stepped(request, key, recipe, person)
    shown |= {"plan": plan, "stay": [row for row in rows_of(plan, recipe) if row["why"]][:SHOWN]}
    days = request.GET.get("days", "")
    if not days:
        return shown
    if not days.isascii() or not days.isdecimal() or len(days) > 3:
        raise Invalid("bad_days", _("Give 1 to %(most)d days.") % {"most": MOST_DAYS}, "days")
    return shown | {"replay": _replayed(simulate(key, by=person, days=int(days)), recipe)}


def _replayed(found: Replay, recipe: CompiledRecipe) -> dict[str, Any]:
    return {
        "found": found,
        "too_many": found.blocked_share.exceeds(5),
        "reasons": [(REASONS[reason], number) for reason, number in found.reasons.items()],
        "loads": [(words.role(one.role), one) for one in found.loads],
        "blocks": [
            {
                "number": found.numbers[one.record][0],
                "title": found.numbers[one.record][1],
                "at": one.at,
                "state": recipe.label(one.state),
                "step": recipe.label(one.transition) if one.transition else _("Opening"),
                "why": _because(recipe, one.reason, one.field),
            }
            for one in found.blocks[:SHOWN]
        ],
        "shifts": [
            {
                "number": found.numbers[one.record][0],
                "clock": clock_name(recipe, one.clock),
                "shift": one,
            }
            for one in found.shifts[:SHOWN]
        ],
    }


def _because(recipe: CompiledRecipe, reason: str, field: str) -> str:
    if reason == "missing_field":
        return _("“%(field)s” is not filled in") % {"field": recipe.label(field)}
    return str(REASONS[reason])


def _stepped(
    request: HttpRequest, key: str, recipe: CompiledRecipe, person: Person
) -> dict[str, Any]:
    """Return the made-up record as the address has it, and what it may do."""
    sent = request.GET
    named = [name for name in recipe.fields if type_of(recipe, name) not in ("", "picker")]
    fields = {
        name: sent[FIELD + name] if type_of(recipe, name) != "check" else True
        for name in named
        if sent.get(FIELD + name)
    }
    roles = [role for role in _roles(recipe) if role == sent.get("role")]
    look = look_at(key, by=person, state=sent.get("state", ""), fields=fields, roles=roles)
    return {
        "look": look,
        "states": [(each.key, recipe.label(each.key)) for each in recipe.states.values()],
        "roles": [("", _("Anybody")), *((role, words.role(role)) for role in _roles(recipe))],
        "role": sent.get("role", ""),
        "controls": [_control(recipe, name, person, look) for name in named],
        "steps": [(each, recipe.label(each.to), words.roles(each.by)) for each in look.moves],
        "way": _way(sent),
        "missing": [recipe.label(name) for name in look.missing],
        "clocks": [
            (clock_name(recipe, each.name), CLOCKS[each.state], each.due) for each in look.clocks
        ],
    }


def _control(recipe: CompiledRecipe, name: str, person: Person, look: Look) -> Any:
    made = control(recipe, name, person, look.values.get(name), optional=True)
    return replace(made, name=FIELD + name)


def _way(sent: Any) -> str:
    """Return the address of the same record with the state left open, to step on from."""
    kept = sent.copy()
    for name in ("state", "days"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}&state=" if kept else "?state="


def _roles(recipe: CompiledRecipe) -> list[str]:
    found = (role for move in recipe.transitions.values() for role in move.by)
    return list(dict.fromkeys(found))


urlpatterns = [path("recipes/<str:key>/simulation", simulation, name="recipe_simulation")]
