"""A person's own account: how they like to work, how they sign in, their tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brigade.kernel import instants
from brigade.kernel.parties import actions, queries
from brigade.kernel.parties.roles import ROLES
from brigade.kernel.parties.scopes import scope_name
from brigade.kernel.refused import Hidden, Refused
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.actions.accounts import Preferences
    from brigade.kernel.parties.models import Person

LIFETIMES = (30, 90, 365)
"""Days that a token may be given."""


@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Show the account."""
    return _shown(request)


def _shown(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    person = reader(request)
    context = {
        "person": person,
        "tokens": queries.api_tokens_of(person, by=person),
        "roles": _roles(person),
        "now": instants.now(),
        "lifetimes": LIFETIMES,
        "errors": {},
        "given": person,
        "issued": None,
        **more,
    }
    return page(request, "shell/account.jinja", context, status)


def _roles(person: Person) -> list[tuple[str, str]]:
    """Return each role held now, and in what: the name of the thing, or that it is everything."""
    return [
        (
            str(ROLES[grant.role].label),
            scope_name(grant.scope_type, grant.scope_id) or _("everywhere"),
        )
        for grant in queries.grants_of(person)
    ]


@login_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep how the person likes to work, and say so in the language they chose."""
    given = request.POST
    person = reader(request)
    wishes: Preferences = {
        "phone": given.get("phone", ""),
        "language": given.get("language", ""),
        "timezone": given.get("timezone") or given.get("timezone_text", ""),
        "theme": given.get("theme", ""),
    }
    if "density" in given:
        wishes["density"] = given["density"]
        wishes["single_keys"] = "single_keys" in given
    try:
        fresh = actions.change_preferences(person, by=person, **wishes)
    except Refused as no:
        kept = {"density": person.density, "single_keys": person.single_keys}
        wrong = {no.field or "": no.message}
        return _shown(request, no.status, errors=wrong, given={**kept, **wishes})
    with translation.override(fresh.language):
        messages.success(request, _("Your preferences are saved."))
    return redirect("account")


@login_required
@require_POST
def areas(request: HttpRequest) -> HttpResponse:
    """Remember whether an area of the navigation is open."""
    person = reader(request)
    kept = dict(person.nav_open or {})
    kept[request.POST.get("area", "")[:20]] = bool(request.POST.get("open"))
    known = {key: kept[key] for key in list(kept)[-12:]}
    actions.change_preferences(person, by=person, nav_open=known)
    return HttpResponse(status=204)


@login_required
@require_GET
def zones(request: HttpRequest) -> HttpResponse:
    """Answer the time zone picker: the zones whose name has what was typed, at most fifteen."""
    words = request.GET.get("q", "").replace(" ", "_").casefold()
    found = [zone for zone in sorted(available_timezones()) if words in zone.casefold()][:15]
    groups = [{"label": None, "options": [{"value": zone, "label": zone} for zone in found]}]
    context = {"groups": groups, "prefix": "zone", "create": None}
    return page(request, "components/options.jinja", context)


@login_required
@require_POST
def issue_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret this once."""
    given = request.POST
    days = given.get("days", "")
    lifetime = int(days) if days in {str(one) for one in LIFETIMES} else LIFETIMES[0]
    try:
        issued = actions.issue_token(
            reader(request),
            by=reader(request),
            name=given.get("name", ""),
            scopes=given.getlist("scopes"),
            expires_at=instants.now() + timedelta(days=lifetime),
        )
    except Refused as no:
        return _shown(request, no.status, errors={f"token-{no.field or 'name'}": no.message})
    return _shown(request, issued=issued)


@login_required
@require_POST
def end_token(request: HttpRequest, token: int) -> HttpResponse:
    """End one of one's own tokens."""
    person = reader(request)
    own = queries.api_tokens_of(person, by=person).filter(pk=token).first()
    if own is None:
        raise Hidden("no_token", _("There is no such token."))
    actions.revoke_token(own, by=person)
    messages.success(request, _("The token has ended."))
    return redirect("account")


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the person out everywhere, here too."""
    actions.end_sessions(reader(request), by=reader(request))
    return redirect("account_login")


urlpatterns = [
    path("account", account, name="account"),
    path("account/preferences", preferences, name="account_preferences"),
    path("account/areas", areas, name="account_areas"),
    path("account/zones", zones, name="account_zones"),
    path("account/tokens", issue_token, name="account_issue_token"),
    path("account/tokens/<int:token>/end", end_token, name="account_end_token"),
    path("account/sessions/end", end_sessions, name="account_end_sessions"),
]
