"""The list of people, and a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brigade.kernel.parties import access, actions
from brigade.kernel.parties.queries import (
    installation,
    organisations_visible_to,
    people_page,
    teams_visible_to,
)
from brigade.kernel.refused import Refused
from brigade.web.parties import asking
from brigade.web.parties.tabs import tabs
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.actions.people import PersonFacts
    from brigade.kernel.parties.models import Person


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the people whom the reader may look up, by name."""
    me, wanted = reader(request), request.GET
    team = asking.whole(wanted.get("team", ""))
    organisation = asking.whole(wanted.get("organisation", ""))
    rows, last = asking.cut(
        people_page(
            me,
            text=asking.words(request),
            team=team,
            organisation=organisation,
            active_only="all" not in wanted,
            after=asking.place(request),
            limit=asking.SIZE + 1,
        )
    )
    context = {
        "rows": rows,
        "next": asking.after(last.sort_name, last.pk) if last else None,
        "q": asking.words(request),
        "team": teams_visible_to(me).filter(pk=team).first() if team else None,
        "organisation": organisations_visible_to(me).filter(pk=organisation).first()
        if organisation
        else None,
        "may_add": may_add_somebody(me),
        "tabs": tabs(request),
    }
    return page(request, "parties/people.jinja", context)


def may_add_somebody(me: Person) -> bool:
    """Return whether there is an organisation, or none, to which `me` may add people."""
    return access.may_administer(me) or bool(access.administered_organisations(me))


@login_required
@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Ask who is new, and add them."""
    access.needed(may_add_somebody(reader(request)))
    if request.method == "GET":
        return shown(request)
    try:
        person = actions.add_person(by=reader(request), **facts_given(request))
    except Refused as no:
        return shown(request, no=no)
    message = _("%(name)s is added, as a requester.") % {"name": person.name}
    return asking.done(request, message, "person", person.pk)


def facts_given(request: HttpRequest) -> Any:
    """Return what the form says about a person, as the verbs take it."""
    sent, me = request.POST, reader(request)
    facts: PersonFacts = {
        "name": sent.get("name", ""),
        "email": sent.get("email", ""),
        "title": sent.get("title", ""),
        "phone": sent.get("phone", ""),
        "language": sent.get("language", ""),
        "timezone": _zone(request),
        "organisation": asking.one_of(request, "organisation", organisations_visible_to(me)),
    }
    return facts


def _zone(request: HttpRequest) -> str:
    """Return the zone chosen in the picker, or typed into it."""
    return request.POST.get("timezone") or request.POST.get("timezone_text", "")


def shown(
    request: HttpRequest, person: Person | None = None, no: Refused | None = None
) -> HttpResponse:
    """Show the form of a person: empty, as they are, or as it was sent with what is wrong."""
    me = reader(request)
    among = None if access.may_administer(me) else access.administered_organisations(me)
    present = person.organisation_id if person else None
    here = installation()
    fresh = {"language": here.language, "timezone": here.timezone}
    context = {
        "person": person,
        "given": asking.given(request) if no else person or asking.Given(fresh),
        "organisation": request.POST.get("organisation", "") if no else present,
        "organisations": asking.organisation_options(me, present, among),
        "zone": _zone(request) if no else person.timezone if person else here.timezone,
        "errors": asking.errors_of(no),
    }
    return page(request, "parties/person_form.jinja", context, no.status if no else 200)


urlpatterns = [
    path("people", people, name="people"),
    path("people/new", person_new, name="person_new"),
]
