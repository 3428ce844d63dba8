"""Views of the queue: kept under a name, thrown away again; and which columns one sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from brigade.kernel.parties.held import teams_of
from brigade.kernel.parties.queries import teams_visible_to
from brigade.kernel.records.access import hidden
from brigade.kernel.refused import Refused
from brigade.kernel.work.columns import choose_columns
from brigade.kernel.work.viewing import drop_view, save_view, views_of
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.queue import require_desk
from brigade.web.work.queue_own import own_of
from brigade.web.work.queue_query import (
    Asked,
    asked_for,
)
from brigade.web.work.queue_rows import every_column
from brigade.web.work.queue_words import pills

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person, Team


def list_address(query: str) -> str:
    """Return the queue's address with a query string that came from a form."""
    return f"{reverse('queue')}?{query.lstrip('?')[:2000]}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """Ask for a name for the list that the address means, or keep it; list the views there are."""
    require_desk(request)
    return _keep(request) if request.method == "POST" else _shown(request, request.GET)


def _shown(
    request: HttpRequest, address: QueryDict, status: int = 200, **more: Any
) -> HttpResponse:
    person = reader(request)
    saved = list(views_of(person))
    asked = asked_for(person, address, saved)
    mine = {team.pk: team.name for team in teams_visible_to(person) if team.is_active}
    own = [(key, name) for key, name in mine.items() if key in teams_of(person)]
    context = {
        "asked": asked,
        "query": asked.query(),
        "pills": pills(person, asked, mine),
        "saved": saved,
        "teams": own,
        "person": person,
        "errors": {},
        "given": {"name": "", "team": ""},
        **more,
    }
    return page(request, "work/queue/views.jinja", context, status)


def _keep(request: HttpRequest) -> HttpResponse:
    person = reader(request)
    asked = asked_for(
        person, QueryDict(request.POST.get("query", "")[:2000]), list(views_of(person))
    )
    name = request.POST.get("name", "")
    try:
        team = _team(person, request.POST.get("team", ""))
        view = save_view(name, _filters_of(asked), by=person, team=team)
    except Refused as no:
        given = {"name": name, "team": request.POST.get("team", "")}
        query = QueryDict(asked.query())
        errors = {no.field or "": str(no)}
        return _shown(request, query, no.status, errors=errors, given=given)
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(list_address(f"view={view.pk}"))


def _filters_of(asked: Asked) -> str:
    """Return what a view keeps: filters and sort, not the view it was made from."""
    kept = QueryDict(mutable=True)
    for name, values in asked.params.items():
        kept.setlist(name, values)
    if asked.sort is not asked.usual:
        kept["sort"] = asked.sort
    return kept.urlencode()


def _team(person: Person, chosen: str) -> Team | None:
    if not chosen:
        return None
    found = teams_visible_to(person).filter(pk=int(chosen) if chosen.isdecimal() else 0).first()
    if found is None:
        raise hidden()
    return found


@login_required
@require_POST
def drop(request: HttpRequest, view_id: int) -> HttpResponse:
    """Throw one's own view away."""
    person = require_desk(request)
    view = views_of(person).filter(pk=view_id).first()
    if view is None:
        raise hidden()
    drop_view(view, by=person)
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    return redirect("queue_views")


@login_required
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Keep which columns one wants to see in a view; the usual ones where asked for."""
    person = require_desk(request)
    wanted = [name for name in every_column(own_of()) if name in request.POST.getlist("column")]
    view = request.POST.get("view", "")
    choose_columns(view, [] if "usual" in request.POST else wanted, by=person)
    return redirect(list_address(request.POST.get("query", "")))


urlpatterns = [
    path("queue/views", views, name="queue_views"),
    path("queue/views/<int:view_id>/drop", drop, name="queue_view_drop"),
    path("queue/columns", columns, name="queue_columns"),
]
