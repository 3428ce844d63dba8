"""Moving a record along its recipe: at once, or with a form for what the step asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from brigade.kernel.recipes.elements import in_language
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import require
from brigade.kernel.records.reading import record_for
from brigade.kernel.refused import Refused
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.offering_moves import Offer, moves_offered, offer_of
from brigade.web.shell.reader import reader
from brigade.web.work.controls import Control, control, given, refilled
from brigade.web.work.numbers import NUMBER
from brigade.web.work.record_context import back_to, list_query
from brigade.web.work.record_form import form_page, version_of

if TYPE_CHECKING:
    from brigade.kernel.records.models import Record


@login_required
@require_POST
def moves(request: HttpRequest, number: str) -> HttpResponse:
    """Take a step that asks for nothing; one that does leads to its form."""
    person, transition = reader(request), request.POST.get("transition", "")
    record = record_for(person, number)
    offers = {offer.transition.key: offer for offer in moves_offered(record, person)}
    offer = offers.get(transition)
    if offer is not None and offer.required and not offer.refusal:
        return redirect(reverse("record_move", args=[number, transition]) + list_query(request))
    moved = move(record, transition, by=person, version=version_of(request))
    return _moved(request, moved)


def _moved(request: HttpRequest, record: Record) -> HttpResponse:
    state = recipe_version(record.recipe_version_id).label(record.state)
    words = {"number": record.number, "state": state}
    messages.success(request, _("%(number)s is now: %(state)s.") % words)
    return redirect(back_to(request, record))


@login_required
@require_http_methods(["GET", "POST"])
def one_move(request: HttpRequest, number: str, transition: str) -> HttpResponse:
    """Ask for what a step needs, with a public reply where the requester should hear of it."""
    record = record_for(reader(request), number)
    offer = _offer(request, record, transition)
    controls = _controls(request, record, offer)
    if request.method == "GET":
        return _asked(request, record, offer, controls)
    try:
        fields = given(request, controls)
        return _moved(request, _fire(request, record, transition, fields))
    except Refused as no:
        if no.status in (403, 404):
            raise
        return _asked(request, record, offer, [refilled(request, one) for one in controls], no)


def _fire(request: HttpRequest, record: Record, transition: str, fields: dict[str, Any]) -> Record:
    body = fields.pop("body", "")
    fields = {name: value for name, value in fields.items() if value not in ("", None)}
    version = version_of(request)
    return move(record, transition, by=reader(request), fields=fields, body=body, version=version)


def _offer(request: HttpRequest, record: Record, transition: str) -> Offer:
    person = reader(request)
    require(person, "transition", record)
    return offer_of(record, person, transition)


def _controls(request: HttpRequest, record: Record, offer: Offer) -> list[Control]:
    recipe = recipe_version(record.recipe_version_id)
    person = reader(request)
    controls = [control(recipe, name, person) for name in offer.required]
    controls += [control(recipe, name, person, optional=True) for name in offer.optional]
    requester = record.requester
    if requester is not None and requester.pk != person.pk:
        label = _("Message to %(name)s") % {"name": requester.name}
        hint = _("Public: it goes out by mail and stands in the journal.")
        controls.append(Control("body", label, "textarea", hint=hint, optional=True))
    return controls


def _asked(
    request: HttpRequest,
    record: Record,
    offer: Offer,
    controls: list[Control],
    no: Refused | None = None,
) -> HttpResponse:
    step = in_language(offer.transition.label)
    return form_page(request, record, heading=step, send=step, controls=controls, no=no)


@login_required
@require_POST
def taking(request: HttpRequest, number: str) -> HttpResponse:
    """Make the record one's own."""
    person = reader(request)
    taken = take(record_for(person, number), by=person, version=version_of(request))
    messages.success(request, _("%(number)s is yours now.") % {"number": taken.number})
    return redirect(back_to(request, taken))


urlpatterns = [
    path(f"{NUMBER}/moves", moves, name="record_moves"),
    path(f"{NUMBER}/moves/<slug:transition>", one_move, name="record_move"),
    path(f"{NUMBER}/taking", taking, name="record_taking"),
]
