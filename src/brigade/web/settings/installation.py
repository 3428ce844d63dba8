"""Settings that are kept in the database: the organisation, and its support."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brigade.kernel.parties import access, actions
from brigade.kernel.parties.queries import installation, teams_visible_to
from brigade.kernel.records.configured import last_changes
from brigade.kernel.refused import Refused
from brigade.web.parties import asking
from brigade.web.settings.sections import section, side_list
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

ORGANISATION = ("name", "timezone", "language")
SUPPORT = ("default_team", "support_phone", "mail_from")


@login_required
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Show or change what the installation is called, its zone and its language."""
    return _edit(request, "settings", "settings/organisation.jinja", _organisation_facts)


@login_required
@require_http_methods(["GET", "POST"])
def support(request: HttpRequest) -> HttpResponse:
    """Show or change who gets work of nobody, the phone, and the address mail comes from."""
    return _edit(request, "settings_support", "settings/support.jinja", _support_facts)


def _edit(request: HttpRequest, name: str, template: str, facts: Any) -> HttpResponse:
    access.needed(access.may_administer(reader(request)))
    if request.method == "GET":
        return _shown(request, name, template)
    try:
        actions.change_installation(by=reader(request), **facts(request))
    except Refused as no:
        return _shown(request, name, template, no)
    return asking.done(request, _("Saved. It holds from now on."), name)


def _organisation_facts(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    return {
        "name": sent.get("name", ""),
        "timezone": sent.get("timezone") or sent.get("timezone_text", ""),
        "language": sent.get("language", ""),
    }


def _support_facts(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    return {
        "default_team": asking.one_of(
            request, "default_team", teams_visible_to(reader(request)).filter(is_active=True)
        ),
        "support_phone": sent.get("support_phone", ""),
        "mail_from": sent.get("mail_from", ""),
    }


def _shown(
    request: HttpRequest, name: str, template: str, no: Refused | None = None
) -> HttpResponse:
    here = installation()
    context = {
        "section": section(name),
        "side": side_list(name, reader(request)),
        "here": here,
        "given": asking.given(request) if no else asking.Given(_values(here)),
        "teams": asking.team_options(reader(request), here.default_team_id),
        "environment_sender": django_settings.BRIGADE.mail.sender,
        "changes": last_changes("installation", 1),
        "errors": asking.errors_of(no),
    }
    return page(request, template, context, no.status if no else 200)


def _values(here: Any) -> dict[str, Any]:
    plain = (*ORGANISATION, "support_phone", "mail_from")
    return {name: getattr(here, name) for name in plain} | {
        "default_team": here.default_team_id or ""
    }


urlpatterns = [
    path("settings", organisation, name="settings"),
    path("settings/support", support, name="settings_support"),
]
