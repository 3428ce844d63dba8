"""The account of somebody else: inviting, signing out, disabling, enabling, erasing."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from brigade.integrations.mail.accounts import invite
from brigade.kernel.parties import access, actions
from brigade.kernel.parties.overviews import token_of_anybody
from brigade.kernel.refused import Hidden
from brigade.web.parties import asking
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page


@login_required
@require_POST
def invitation(request: HttpRequest, number: int) -> HttpResponse:
    """Mail the person a link with which they choose a password."""
    one = asking.visible_person(request, number)
    invite(one, by=reader(request))
    message = _("An invitation to %(address)s is on its way.") % {"address": one.email}
    return asking.done(request, message, "person", number)


@login_required
@require_POST
def sessions_end(request: HttpRequest, number: int) -> HttpResponse:
    """Sign the person out everywhere."""
    one = actions.end_sessions(asking.visible_person(request, number), by=reader(request))
    message = _("%(name)s is signed out everywhere.") % {"name": one.name}
    return asking.done(request, message, "person", number)


@login_required
@require_POST
def disabling(request: HttpRequest, number: int) -> HttpResponse:
    """End every way in that the person has."""
    one = actions.disable_person(asking.visible_person(request, number), by=reader(request))
    message = _("%(name)s is disabled. Sessions, tokens and roles have ended.") % {"name": one.name}
    return asking.done(request, message, "person", number)


@login_required
@require_POST
def enabling(request: HttpRequest, number: int) -> HttpResponse:
    """Let the person in again, as a requester."""
    one = actions.enable_person(asking.visible_person(request, number), by=reader(request))
    message = _("%(name)s may sign in again, as a requester.") % {"name": one.name}
    return asking.done(request, message, "person", number)


@login_required
@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest, number: int) -> HttpResponse:
    """Say what is erased for good and what stays; erase it once that is confirmed."""
    me, one = reader(request), asking.visible_person(request, number)
    access.needed(access.may_administer(me))
    if request.method == "GET":
        return page(request, "parties/erasure.jinja", {"one": one})
    fresh = actions.pseudonymise_person(one, by=me)
    message = _("Who this was is erased. They are now called “%(name)s”.") % {"name": fresh.name}
    return asking.done(request, message, "person", number)


@login_required
@require_POST
def token_end(request: HttpRequest, number: int, token: int) -> HttpResponse:
    """End a token of the person."""
    found = token_of_anybody(token, by=reader(request))
    if found is None or found.person_id != number:
        raise Hidden("no_token", _("There is no such token."))
    actions.revoke_token(found, by=reader(request))
    return asking.done(request, _("The token has ended."), "person", number)


urlpatterns = [
    path("people/<int:number>/invitations", invitation, name="person_invitations"),
    path("people/<int:number>/sessions/end", sessions_end, name="person_sessions_end"),
    path("people/<int:number>/disabling", disabling, name="person_disabling"),
    path("people/<int:number>/enabling", enabling, name="person_enabling"),
    path("people/<int:number>/erasure", erasure, name="person_erasure"),
    path("people/<int:number>/tokens/<int:token>/end", token_end, name="person_token_end"),
]
