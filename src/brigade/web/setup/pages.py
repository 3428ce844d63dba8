"""The page of the setup: shown to an administrator until it is finished or left for later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from brigade.integrations.mail.accounts import invite
from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions.setup import answer_setup, finish_setup
from brigade.kernel.parties.administrators import administrators
from brigade.kernel.parties.queries import installation
from brigade.kernel.parties.setting_up import setting_up
from brigade.kernel.recipes import actions as recipes
from brigade.kernel.recipes.statement import statement
from brigade.kernel.refused import Hidden, Refused
from brigade.kernel.services.first import add_first_services
from brigade.web.setup import example
from brigade.web.setup.form import DAYS, SERVICES, Form
from brigade.web.shell.home import LATER
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from brigade.kernel.parties.actions.setup import SetupAnswers
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.statement import Stand

FIRST = ("incident", 1)
"""The practice that a house begins with, and its level."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Ask, and carry out the answers; afterwards there is no such page."""
    person = reader(request)
    if not setting_up(person):
        raise Hidden("no_setup", _("The setup is finished, or an administrator does it."))
    if request.method != "POST":
        return _shown(request, Form.at_first(installation(), person))
    if "skip" in request.POST:
        request.session[LATER] = True
        return redirect("home")
    form = Form.of(request.POST)
    answers = form.answers()
    if form.errors:
        return _shown(request, form, 422)
    try:
        invited = _finish(form, answers, person)
    except Refused as no:
        form.errors = {no.field or "": str(no.message)}
        return _shown(request, form, no.status)
    messages.success(request, _done(invited))
    return redirect("home")


def _finish(form: Form, answers: SetupAnswers, by: Person) -> int:
    """Do all of it or nothing, in the administrator's name; returns how many were invited."""
    with acting(by):
        settled = answer_setup(answers, by=by)
        if form.answered("services"):
            add_first_services(
                form.services, by=by, customer=settled.organisation, team=settled.team
            )
        if form.answered("recipes") and form.accountable:
            _answer_for_practices(by)
        for person in settled.invited:
            invite(person, by=by)
        finish_setup(by=by)
        standard_calendars(by=by)
    return len(settled.invited)


def _answer_for_practices(by: Person) -> None:
    """Name the administrator for what runs provisionally; what was decided before stays so.

    Where nobody has decided about any practice, the first one begins to run.
    """
    decided = [one.adoption for one in statement() if one.adoption]
    waiting = [(one.key, one.level) for one in decided if one.provisional]
    for key, level in waiting if decided else [FIRST]:
        why = _("Chosen in the first-run setup.")
        recipes.adopt(key, by=by, level=level, owner=by, rationale=why)


def _done(invited: int) -> str:
    if not invited:
        return _("All set. What you left for later is in the settings.")
    said = ngettext(
        "All set. %(count)d person is invited by mail.",
        "All set. %(count)d people are invited by mail.",
        invited,
    )
    return said % {"count": invited}


def _shown(request: HttpRequest, form: Form, status: int = 200) -> HttpResponse:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"),
             _("Saturday"), _("Sunday"))  # fmt: skip
    stands = statement()
    context = {
        "form": form,
        "alone": not administrators(leaving_out=(reader(request).pk,)),
        "errors": form.errors,
        "days": [{"value": day, "label": name} for day, name in zip(DAYS, names, strict=True)],
        "service_names": [*form.services, *[""] * SERVICES][:SERVICES],
        "running": [one for one in stands if one.state == "adopted"],
        "planned": _titles(one for one in stands if one.state == "planned"),
        "ready": _titles(one for one in stands if one.installed and not one.chosen),
        "library": [one for one in stands if not one.installed and not one.chosen],
    }
    return page(request, "setup/setup.jinja", context, status)


def _titles(stands: Iterable[Stand]) -> str:
    return ", ".join(_(one.manifest.title) for one in stands)


urlpatterns = [path("setup", setup, name="setup"), *example.urlpatterns]
