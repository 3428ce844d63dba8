"""Teams: the list, one team with its people and its work, and its form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brigade.kernel.parties import access, actions
from brigade.kernel.parties.queries import relations_visible_to, teams_page
from brigade.kernel.records.lists import OPEN, counts
from brigade.kernel.refused import Refused
from brigade.kernel.services.queries import services_visible_to
from brigade.web.parties import asking
from brigade.web.parties.belonging import split
from brigade.web.parties.queue_links import open_work
from brigade.web.parties.tabs import tabs
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Team

SHOWN = 100
"""People and services that a team's page names; the list of people has the rest."""


@login_required
@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """List the teams the reader may see, by name."""
    me = reader(request)
    wanted = {"text": asking.words(request), "after": asking.place(request)}
    rows, last = asking.cut(teams_page(me, **wanted, limit=asking.SIZE + 1))  # type: ignore[arg-type]
    context = {
        "rows": rows,
        "next": asking.after(last.name, last.pk) if last else None,
        "q": asking.words(request),
        "may_add": access.may_change_groups(me),
        "tabs": tabs(request),
    }
    return page(request, "parties/teams.jinja", context)


@login_required
@require_GET
def team(request: HttpRequest, number: int) -> HttpResponse:
    """Show a team."""
    return _shown(request, asking.visible_team(request, number))


def _shown(request: HttpRequest, one: Team, no: Refused | None = None) -> HttpResponse:
    me = reader(request)
    related = relations_visible_to(me).filter(team=one).order_by("person__sort_name", "id")
    current, past = split(me, related[: 2 * SHOWN])
    found = counts(me, {"open": replace(OPEN, teams=(one.pk,))})
    context: dict[str, Any] = {
        "one": one,
        "leads": [line for line in current if line.relation.kind == "leads"],
        "members": [line for line in current if line.relation.kind == "member_of"][:SHOWN],
        "past": past[:SHOWN],
        "services": services_visible_to(me).filter(team=one)[:SHOWN],
        "open": found["open"],
        "queue": open_work(me, team=one.pk),
        "may_change": access.may_change_groups(me),
        "given": asking.given(request),
        "errors": asking.errors_of(no),
    }
    return page(request, "parties/team.jinja", context, no.status if no else 200)


@login_required
@require_POST
def members(request: HttpRequest, number: int) -> HttpResponse:
    """Add somebody to a team, or make them its lead."""
    one = asking.visible_team(request, number)
    try:
        kind = "leads" if request.POST.get("kind") == "leads" else "member_of"
        person = asking.needed_person(request, "person")
        actions.add_relation(kind, person, team=one, by=reader(request))
    except Refused as no:
        return _shown(request, one, no)
    message = _("%(name)s is in the team now.") % {"name": person.name}
    return asking.done(request, message, "team", number)


@login_required
@require_http_methods(["GET", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """Ask what a new team is, and add it."""
    access.needed(access.may_change_groups(reader(request)))
    if request.method == "GET":
        return _form(request)
    sent = request.POST
    try:
        one = actions.add_team(
            name=sent.get("name", ""),
            description=sent.get("description", ""),
            email=sent.get("email", ""),
            by=reader(request),
        )
    except Refused as no:
        return _form(request, no=no)
    return asking.done(request, _("The team is added. Put people in it."), "team", one.pk)


@login_required
@require_http_methods(["GET", "POST"])
def team_change(request: HttpRequest, number: int) -> HttpResponse:
    """Ask what is different about a team, and change it."""
    one = asking.visible_team(request, number)
    access.needed(access.may_change_groups(reader(request)))
    if request.method == "GET":
        return _form(request, one)
    sent = request.POST
    try:
        actions.change_team(
            one,
            name=sent.get("name", ""),
            description=sent.get("description", ""),
            email=sent.get("email", ""),
            is_active="is_active" in sent,
            by=reader(request),
        )
    except Refused as no:
        return _form(request, one, no)
    return asking.done(request, _("The team is changed."), "team", number)


def _form(request: HttpRequest, one: Team | None = None, no: Refused | None = None) -> HttpResponse:
    context = {
        "one": one,
        "given": asking.given(request) if no else one or asking.Given(),
        "is_active": "is_active" in request.POST if no else one is None or one.is_active,
        "errors": asking.errors_of(no),
    }
    return page(request, "parties/team_form.jinja", context, no.status if no else 200)


urlpatterns = [
    path("teams", teams, name="teams"),
    path("teams/new", team_new, name="team_new"),
    path("teams/<int:number>", team, name="team"),
    path("teams/<int:number>/change", team_change, name="team_change"),
    path("teams/<int:number>/members", members, name="team_members"),
]
