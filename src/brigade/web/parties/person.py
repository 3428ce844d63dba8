"""One person: how to reach them, where they belong, what they may do, what is open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brigade.kernel.parties import access, actions
from brigade.kernel.parties.overviews import what_would_end
from brigade.kernel.parties.queries import api_tokens_of, grants_visible_to
from brigade.kernel.records.lists import OPEN, counts
from brigade.kernel.refused import Refused
from brigade.web.parties import asking, people, rights
from brigade.web.parties.belonging import KINDS, kinds_offered, lines_about
from brigade.web.parties.queue_links import open_work
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


@login_required
@require_GET
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Show a person."""
    me, one = reader(request), asking.visible_person(request, number)
    mine = me.pk == one.pk
    grants = rights.grant_lines(me, grants_visible_to(me).filter(person=one))
    current, past = lines_about(me, one)
    context = {
        "one": one,
        "mine": mine,
        "relations": current,
        "past": past,
        "kinds": [(key, KINDS[key].offer) for key in kinds_offered(me, one)],
        "grants": [line for line in grants if line.state != "ended"],
        "grants_past": [line for line in grants if line.state == "ended"],
        "reads_rights": mine or access.may_read_rights(me),
        "may_grant": one.is_active and not one.is_system and bool(rights.roles_offered(me)),
        "requester_meaning": rights.MEANING["requester"],
        "work": _work(me, one),
        **_account(me, one),
    }
    return page(request, "parties/person.jinja", context)


def _work(me: Person, one: Person) -> list[dict[str, Any]]:
    """Return what is open and about them, of what the reader may see."""
    filters = {
        "requester": replace(OPEN, requester=one.pk),
        "assignee": replace(OPEN, assignee=one.pk),
    }
    found = counts(me, filters)
    labels = {"requester": _("They asked for"), "assignee": _("They work on")}
    return [
        {"label": labels[key], "figure": found[key], "href": open_work(me, **{key: one.pk})}
        for key in filters
        if found[key] or key == "requester"
    ]


def _account(me: Person, one: Person) -> dict[str, Any]:
    """Return what may be done with the account, and what disabling it would end."""
    edits = access.may_edit_person(me, one) and not one.is_system and not one.pseudonymised_at
    others = edits and me.pk != one.pk
    return {
        "may_edit": edits,
        "may_switch": others,
        "may_erase": access.may_administer(me) and others,
        "ends": what_would_end(one) if others and one.is_active else {},
        "tokens": list(api_tokens_of(one, by=me).filter(revoked_at=None)[:20]) if edits else [],
    }


@login_required
@require_http_methods(["GET", "POST"])
def person_change(request: HttpRequest, number: int) -> HttpResponse:
    """Ask what is different about a person, and change it."""
    one = asking.visible_person(request, number)
    access.needed(access.may_edit_person(reader(request), one))
    if request.method == "GET":
        return people.shown(request, one)
    try:
        fresh = actions.change_person(one, by=reader(request), **people.facts_given(request))
    except Refused as no:
        return people.shown(request, one, no)
    message = _("What is known about %(name)s is changed.") % {"name": fresh.name}
    return asking.done(request, message, "person", number)


urlpatterns = [
    path("people/<int:number>", person, name="person"),
    path("people/<int:number>/change", person_change, name="person_change"),
]
