"""A newer recipe of the library: what it changed, what we changed, and who decides what of both."""

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
from brigade.kernel.recipes.queries import draft_of, running
from brigade.kernel.recipes.settling import CHOICES, Answer
from brigade.kernel.recipes.upgrading import Offer, upgrade_on_offer, upgrade_recipe
from brigade.kernel.refused import Refused
from brigade.web.recipes.recipes import require_staff
from brigade.web.recipes.upgrade_words import in_words, label_of, question, value_of
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.recipes.models import Adoption
    from brigade.kernel.recipes.upgrade import Card

SETTLED = ("taken", "kept", "same")


@login_required
@require_http_methods(["GET", "POST"])
def upgrade(request: HttpRequest, key: str) -> HttpResponse:
    """Show what taking the newer recipe means, ask where both changed it, begin the draft."""
    require_staff(request)
    person, adoption = reader(request), running(key)
    if request.method == "POST":
        needed(may_draft(person, adoption))
    try:
        offer = upgrade_on_offer(key)
    except Refused as no:
        if no.code != "nothing_newer":
            raise
        return page(request, "recipes/upgrade.jinja", _named(adoption) | {"no": str(no.message)})
    if request.method == "GET":
        return _shown(request, adoption, offer)
    try:
        upgrade_recipe(key, by=person, answers=_answers(request, offer))
    except Refused as no:
        if no.status in (403, 404):
            raise
        return _shown(request, adoption, offer, no)
    messages.success(request, _("The draft is begun. What runs here stays until it is published."))
    return redirect(reverse("recipe_draft", args=[key]))


def _answers(request: HttpRequest, offer: Offer) -> dict[str, Answer]:
    """Return what the form answers; refused where it was asked of other cards."""
    told: dict[str, Answer] = {}
    for place, card in enumerate(offer.merge.asked):
        if request.POST.get(f"path-{place}") != card.path:
            raise Refused("upgrade_moved", _("Something has changed meanwhile. Answer again."))
        answer = _answer(request, place, card)
        if answer is not None:
            told[card.path] = answer
    return told


def _answer(request: HttpRequest, place: int, card: Card) -> Answer | None:
    given, why = (request.POST.get(f"{name}-{place}", "").strip() for name in ("to", "why"))
    match request.POST.get(f"choice-{place}"):
        case "retain":
            return Answer("retain")
        case "revert":
            return Answer("revert")
        case "merge" if card.kind == "orphan":
            return Answer("merge", path=given, why=why)
        case "merge":
            return Answer("merge", to=value_of(card, given), why=why)
        case _:
            return None


def _named(adoption: Adoption) -> dict[str, Any]:
    assert adoption.version is not None  # what runs has one
    title = adoption.version.effective["title"]
    return {"key": adoption.key, "title": _(title), "offer": None, "errors": {}}


def _shown(
    request: HttpRequest, adoption: Adoption, offer: Offer, no: Refused | None = None
) -> HttpResponse:
    cards, draft = offer.merge.cards, draft_of(offer.key)
    context = _named(adoption) | {
        "offer": offer,
        "may": may_draft(reader(request), adoption),
        "owner": adoption.owner,
        "draft": draft,
        "taken_already": draft is not None and draft.source == offer.new.source,
        "asked": [
            question(offer, card) | _sent(request, place)
            for place, card in enumerate(offer.merge.asked)
        ],
        "settled": {
            kind: [in_words(offer, card) for card in cards if card.kind == kind] for kind in SETTLED
        },
        "changes": len({change.path for card in cards for change in card.changes}),
        "errors": _errors(request, offer, no),
    }
    return page(request, "recipes/upgrade.jinja", context, no.status if no else 200)


def _sent(request: HttpRequest, place: int) -> dict[str, str]:
    """Return what somebody chose and wrote, where the form comes back."""
    names = {"choice": "choice", "to": "to", "said": "why"}
    sent = {into: request.POST.get(f"{name}-{place}") for into, name in names.items()}
    told = {into: value for into, value in sent.items() if value is not None}
    return {"choice": "", "said": ""} | told


def _errors(request: HttpRequest, offer: Offer, no: Refused | None) -> dict[str, str]:
    if no is None:
        return {}
    paths = [card.path for card in offer.merge.asked]
    if no.code == "upgrade_open":
        said = _("Say what shall hold for %(what)s.")
        return {
            f"choice-{place}": said % {"what": label_of(offer, path)}
            for place, path in enumerate(paths)
            if request.POST.get(f"choice-{place}") not in CHOICES
        }
    if no.field not in paths:
        return {"": str(no.message)}
    about = "choice" if no.code == "facet_gone" else "to"
    return {f"{about}-{paths.index(no.field)}": str(no.message)}


urlpatterns = [path("recipes/<str:key>/upgrade", upgrade, name="recipe_upgrade")]
