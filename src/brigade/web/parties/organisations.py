"""Organisations: customers, the provider, vendors; the list, one of them, and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from brigade.kernel.parties import access, actions
from brigade.kernel.parties.queries import (
    organisations_page,
    organisations_visible_to,
    people_visible_to,
)
from brigade.kernel.refused import Refused
from brigade.kernel.services.queries import services_visible_to
from brigade.web.parties import asking
from brigade.web.parties.tabs import tabs
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Organisation

KINDS = [
    ("customer", gettext_lazy("Customer"), gettext_lazy("Its people ask for help.")),
    ("internal_provider", gettext_lazy("Internal provider"), gettext_lazy("It runs the services.")),
    ("vendor", gettext_lazy("Vendor"), gettext_lazy("Work may be handed to it.")),
    ("integrator", gettext_lazy("Integrator"), gettext_lazy("A vendor that coordinates others.")),
]
SHOWN = 100


@login_required
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """List the organisations the reader may see, by name."""
    me = reader(request)
    wanted = {"text": asking.words(request), "after": asking.place(request)}
    found = organisations_page(me, **wanted, limit=asking.SIZE + 1)  # type: ignore[arg-type]
    rows, last = asking.cut(found)
    context = {
        "rows": rows,
        "next": asking.after(last.name, last.pk) if last else None,
        "q": asking.words(request),
        "may_add": access.may_change_groups(me),
        "tabs": tabs(request),
    }
    return page(request, "parties/organisations.jinja", context)


@login_required
@require_GET
def organisation(request: HttpRequest, number: int) -> HttpResponse:
    """Show an organisation."""
    me, one = reader(request), asking.visible_organisation(request, number)
    context: dict[str, Any] = {
        "one": one,
        "children": organisations_visible_to(me).filter(parent=one)[:SHOWN],
        "services": services_visible_to(me).filter(customers=one)[:SHOWN],
        "people": people_visible_to(me).filter(organisation=one, is_active=True).count(),
        "may_change": access.may_change_groups(me),
    }
    return page(request, "parties/organisation.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Ask what a new organisation is, and add it."""
    access.needed(access.may_change_groups(reader(request)))
    if request.method == "GET":
        return _form(request)
    try:
        one = actions.add_organisation(by=reader(request), **_facts(request))
    except Refused as no:
        return _form(request, no=no)
    return asking.done(request, _("The organisation is added."), "organisation", one.pk)


@login_required
@require_http_methods(["GET", "POST"])
def organisation_change(request: HttpRequest, number: int) -> HttpResponse:
    """Ask what is different about an organisation, and change it."""
    one = asking.visible_organisation(request, number)
    access.needed(access.may_change_groups(reader(request)))
    if request.method == "GET":
        return _form(request, one)
    active = "is_active" in request.POST
    try:
        actions.change_organisation(one, by=reader(request), is_active=active, **_facts(request))
    except Refused as no:
        return _form(request, one, no)
    return asking.done(request, _("The organisation is changed."), "organisation", number)


def _facts(request: HttpRequest) -> Any:
    sent = request.POST
    return {
        "name": sent.get("name", ""),
        "code": sent.get("code", ""),
        "kind": sent.get("kind", ""),
        "parent": asking.one_of(request, "parent", organisations_visible_to(reader(request))),
    }


def _form(
    request: HttpRequest, one: Organisation | None = None, no: Refused | None = None
) -> HttpResponse:
    present = one.parent_id if one else None
    context = {
        "one": one,
        "given": asking.given(request) if no else one or asking.Given(kind="customer"),
        "parent": request.POST.get("parent", "") if no else present,
        "parents": asking.organisation_options(reader(request), present),
        "kinds": [{"value": key, "label": name, "hint": hint} for key, name, hint in KINDS],
        "is_active": "is_active" in request.POST if no else one is None or one.is_active,
        "errors": asking.errors_of(no),
    }
    return page(request, "parties/organisation_form.jinja", context, no.status if no else 200)


urlpatterns = [
    path("organisations", organisations, name="organisations"),
    path("organisations/new", organisation_new, name="organisation_new"),
    path("organisations/<int:number>", organisation, name="organisation"),
    path("organisations/<int:number>/change", organisation_change, name="organisation_change"),
]
