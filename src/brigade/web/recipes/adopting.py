"""Deciding about a practice: whether, how far, who answers for it, and why."""

from __future__ import annotations

from datetime import date
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
from brigade.kernel.recipes.actions import Outlook, adopt
from brigade.kernel.recipes.deciding import consider, decline, plan
from brigade.kernel.recipes.manifests import Manifest, manifests
from brigade.kernel.recipes.merge import facet_words
from brigade.kernel.recipes.queries import adoption_of
from brigade.kernel.recipes.raising import carriers, level_now
from brigade.kernel.recipes.readiness import readiness
from brigade.kernel.refused import Hidden, Invalid, Refused
from brigade.web.parties import asking
from brigade.web.recipes.recipes import require_staff
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.controls import Control, picked_person, refilled

if TYPE_CHECKING:
    from brigade.kernel.recipes.models import Adoption

LONGEST = 2000


@login_required
@require_http_methods(["GET", "POST"])
def adoption(request: HttpRequest, key: str) -> HttpResponse:
    """Ask what is decided; new records follow what is adopted, running ones do not."""
    require_staff(request)
    manifest = manifests().get(key)
    if manifest is None:
        raise Hidden("no_such_recipe", _("There is no recipe “%(key)s” here.") % {"key": key})
    needed(may_adopt(reader(request)))
    decision = adoption_of(key)
    controls = _controls(key, manifest, decision)
    if request.method == "GET":
        return _form(request, key, decision, controls)
    try:
        message = _decide(request, key)
    except Refused as no:
        if no.status in (403, 404):
            raise
        again = [refilled(request, one) for one in controls]
        return _form(request, key, decision, again, no)
    messages.success(request, message)
    return redirect(reverse("recipe", args=[key]))


def _decide(request: HttpRequest, key: str) -> str:
    """Do what the form says, and return what then happened in words."""
    sent, by = request.POST, reader(request)
    owner = person_of(picked_person(request, "owner"))
    level, rationale = asking.whole(sent.get("level", "")) or 0, sent.get("rationale", "").strip()
    outlook: Outlook = {
        "target_level": asking.whole(sent.get("target_level", "")),
        "review_on": _day(sent.get("review_on", "").strip()),
    }
    match sent.get("state", "adopted"):
        case "planned":
            plan(key, by=by, owner=owner, level=level, rationale=rationale, **outlook)
        case "considered":
            consider(key, by=by, owner=owner, rationale=rationale, **outlook)
        case "declined":
            decline(key, by=by, rationale=rationale, **outlook)
        case _:
            adopt(
                key,
                by=by,
                level=level,
                owner=owner,
                rationale=rationale[:LONGEST],
                on=sent.getlist("facets_on"),
                off=sent.getlist("facets_off"),
                waiver=sent.get("waiver", "")[:LONGEST],
                decision=sent.get("decision", ""),
                **outlook,
            )
            return _("Adopted. New records follow it; running ones keep their version.")
    return _("Kept. It stands in the Statement of Adoption.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("bad_date", _("Give a day such as 2027-01-31."), "review_on") from None


def _controls(key: str, manifest: Manifest, decision: Adoption | None) -> list[Control]:
    installed = key in library.installed()
    most = library.highest_levels().get(key, 3)
    brings = {level: _(words) for level, words in manifest.levels.items()}
    owner = decision.owner if decision else None
    levels = [
        {"value": level, "label": _("Level %(level)d") % {"level": level}, "hint": words}
        for level, words in brings.items()
        if level <= most
    ]
    aims = [("", _("None")), *((level, f"{level}: {words}") for level, words in brings.items())]
    return [
        Control("state", _("What is decided?"), "choice", _state(installed, decision),
                options=_states(installed)),
        Control("level", _("How far?"), "choice",
                decision.level if decision else min(manifest.levels), options=levels),
        Control(
            "owner", _("Who answers for it?"), "picker", owner.pk if owner else "",
            owner.name if owner else "", _("One person, whom everybody can ask."),
            source=reverse("pick_people"),
        ),
        Control(
            "rationale", _("Why?"), "textarea", decision.rationale if decision else "",
            hint=_("What it is good for here, or why you do without. Auditors read it, and whoever"
                   " comes after you."),
            optional=True,
        ),
        Control("target_level", _("Level aimed at"), "select",
                (decision.target_level or "") if decision else "", optional=True, options=aims),
        Control("review_on", _("Look again on"), "date",
                decision.review_on.isoformat() if decision and decision.review_on else "",
                optional=True),
        Control(
            "waiver", _("Why this level without its evidence?"), "textarea",
            decision.waiver if decision else "", optional=True,
            hint=_("Only where evidence below is not there. It stands in the Statement of"
                   " Adoption."),
        ),
        *_carrier(decision),
    ]  # fmt: skip


def _carrier(decision: Adoption | None) -> list[Control]:
    """Return the question which decision carries a level without evidence, where they run here."""
    if not carriers():
        return []
    return [
        Control("decision", _("Which decision carries it?"), "text",
                decision.decision if decision else "", optional=True,
                hint=_("Its number, such as DEC-10001, once it is decided as recommended.")),
    ]  # fmt: skip


def _state(installed: bool, decision: Adoption | None) -> str:
    if decision is not None and (installed or decision.state != "adopted"):
        return decision.state
    return "adopted" if installed else "planned"


def _states(installed: bool) -> list[dict[str, Any]]:
    shown = [
        ("adopted", _("Run it here"), _("New records follow it.")),
        ("planned", _("Plan it"), _("It is chosen, and runs later.")),
        ("considered", _("Consider it"), ""),
        ("declined", _("Do without"), _("It disappears everywhere but in the statement.")),
    ]
    return [
        {"value": value, "label": label, "hint": hint}
        for value, label, hint in shown
        if installed or value != "adopted"
    ]


def _facets(key: str) -> list[dict[str, Any]]:
    document = library.installed().get(key)
    return [
        {
            "value": name,
            "label": facet_words(name, facet),
            "hint": _("Level %(level)d") % {"level": facet.level},
        }
        for name, facet in (document.recipe.facets.items() if document else ())
    ]


def _form(
    request: HttpRequest,
    key: str,
    decision: Adoption | None,
    controls: list[Control],
    no: Refused | None = None,
) -> HttpResponse:
    known = {one.name for one in controls}
    field = no.field if no and no.field in known else ""
    now, posted = level_now(key), request.method == "POST"
    document = library.installed().get(key)
    facets = {
        name: getattr(decision, name) if decision else [] for name in ("facets_on", "facets_off")
    }
    context: dict[str, Any] = {
        "key": key,
        "title": _(manifests()[key].title),
        "newest": document.recipe.version if document else "",
        "here": decision.version.version if decision and decision.version else "",
        "evidence": {
            level: [one.as_dict() for one in readiness(key, level)]
            for level in manifests()[key].levels
            if level > now
        },
        "facets": _facets(key),
        "taken": {
            name: request.POST.getlist(name) if posted else kept for name, kept in facets.items()
        },
        "controls": controls,
        "errors": {field: str(no.message)} if no else {},
    }
    return page(request, "recipes/adoption.jinja", context, no.status if no else 200)


urlpatterns = [path("recipes/<str:key>/adoption", adoption, name="recipe_adoption")]
