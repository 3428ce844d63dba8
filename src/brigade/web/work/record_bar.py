"""The bar under a record's title: where it stands in its recipe, and what can be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from brigade.kernel.recipes.elements import in_language

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import Record
    from brigade.kernel.work.offering_moves import Offer


def path(recipe: CompiledRecipe, record: Record) -> list[dict[str, str]]:
    """Return the main path as the bar shows it.

    Waiting and cancelled stand in it only while the record is there; a cancelled
    record has nothing before it but its first state.
    """
    here = recipe.states[record.state]
    shown = [
        state
        for state in recipe.states.values()
        if state.category not in ("waiting", "cancelled") or state.key == here.key
    ]
    if here.category == "cancelled":
        shown = [recipe.states[recipe.initial], here]
    places = [state.key for state in shown]
    at = places.index(here.key)
    return [
        {
            "label": recipe.label(state.key),
            "category": state.category,
            "status": "now" if place == at else "done" if place < at else "todo",
        }
        for place, state in enumerate(shown)
    ]


def buttons(record: Record, offers: list[Offer]) -> list[dict[str, Any]]:
    """Return the moves as the bar's buttons; one that asks for something leads to its form."""
    return [
        {
            "name": offer.transition.key,
            "label": in_language(offer.transition.label),
            "key": "S" if place == 0 and not offer.refusal else None,
            "href": _form(record, offer) if offer.required and not offer.refusal else None,
            "refused": offer.refusal or None,
        }
        for place, offer in enumerate(offers)
    ]


def _form(record: Record, offer: Offer) -> str:
    return reverse("record_move", args=[record.number, offer.transition.key])


def waits_on_requester(recipe: CompiledRecipe, offers: list[Offer]) -> str:
    """Return the transition that waits for the requester, where one may be taken now."""
    field = recipe.fields.get("waiting_reason")
    if field is None or "requester" not in field.of:
        return ""
    for offer in offers:
        if not offer.refusal and recipe.category(offer.to) == "waiting":
            return offer.transition.key
    return ""
