"""The start address sends each reader where their work is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from brigade.kernel.parties.access import is_staff, may_administer
from brigade.kernel.parties.held import holds
from brigade.kernel.parties.setting_up import setting_up
from brigade.web.jinja import maybe_url
from brigade.web.shell.reader import reader

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

LATER: Final = "setup_later"
"""Noted in the session of an administrator who wants to set up another time."""

AT_THE_QUEUE: Final = ("agent", "team_lead", "process_owner", "provider_agent", "auditor")


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead a first administrator to the setup, and everybody else to the first thing they need."""
    person = reader(request)
    wanted = ["setup"] if setting_up(person) and LATER not in request.session else []
    addresses = [maybe_url(name) for name in (*wanted, *landing(person))]
    return redirect(next((address for address in addresses if address), maybe_url("account")))


def landing(person: Person) -> list[str]:
    """Return the names of the pages that fit a person's roles, best first."""
    if any(holds(person, role) for role in AT_THE_QUEUE):
        return ["queue", "inbox"]
    if holds(person, "service_owner"):
        return ["services", "inbox"]
    if may_administer(person):
        return ["settings", "people", "inbox"]
    return ["inbox", "portal_home"] if is_staff(person) else ["portal_home"]


urlpatterns = [path("", home, name="home")]
