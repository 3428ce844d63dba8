"""Logging an incident for somebody else: on the phone, at the counter."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brigade.kernel.parties.queries import people_visible_to, teams_visible_to
from brigade.kernel.recipes.queries import recipe_for
from brigade.kernel.records.idempotency import Answer, once
from brigade.kernel.records.search import similar
from brigade.kernel.refused import Hidden, Invalid, NotPermitted
from brigade.kernel.services.queries import services_usable_by
from brigade.kernel.work.drafts import draft_of, drop_draft
from brigade.kernel.work.opening import open_record
from brigade.web.shell.reader import reader
from brigade.web.shell.render import Frame, page
from brigade.web.work.controls import Control, picked_person
from brigade.web.work.own_controls import OwnQuestions, at_its_control, own_given, own_questions

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import Record

KIND = "incident"
FORM = "new/incident"
CHANNELS = ("phone", "desk", "email")


@login_required
@require_http_methods(["GET", "POST"])
def incident_new(request: HttpRequest) -> HttpResponse:
    """Show the form, or log the incident and go to its page."""
    person = reader(request)
    if not Frame(request).at_desk:
        return redirect("/")
    if request.method == "GET":
        draft, saved = draft_of(FORM, by=person)
        return _form(request, {**draft, **request.GET.dict()}, saved=saved)
    asked = _own(request, request.POST.dict())
    missing = _left_out(request) or asked.unseen(request.POST)
    if missing:
        return _form(request, request.POST.dict(), missing, 422)
    try:
        number = _logged(request, person, asked)
    except Invalid as no:
        at = at_its_control(no.field, asked)
        return _form(request, request.POST.dict(), {at: str(no.message)}, 422)
    except NotPermitted as no:
        if no.field is None:
            raise
        return _form(request, request.POST.dict(), {no.field: str(no.message)}, no.status)
    drop_draft(FORM, by=person)
    messages.success(request, _("%(number)s is logged.") % {"number": number})
    return redirect("record", number)


def _logged(request: HttpRequest, person: Person, asked: OwnQuestions) -> str:
    """Open the record, once for each form however often it is sent."""
    fields = _fields(request) | own_given(request, asked)
    sent = request.POST
    channel = sent.get("channel", "phone")

    def work() -> Answer:
        record: Record = open_record(
            KIND, by=person, fields=fields, channel=channel if channel in CHANNELS else "desk"
        )
        return Answer(303, record.number)

    key = sent.get("key", "")[:100] or secrets.token_urlsafe(16)
    digest = hashlib.sha256(repr(sorted(fields.items())).encode("utf-8", "replace")).hexdigest()
    answer, _again = once(person, f"page/{FORM}/{key}", digest, work)
    return str(answer.body)


def _fields(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    wanted = ("title", "description", "affected_users", "service", "team")
    fields: dict[str, Any] = {name: sent[name] for name in wanted if sent.get(name, "").strip()}
    requester = picked_person(request, "requester")
    _check_service(request, fields.get("service"))
    return {**fields, "requester": requester, "urgent": "urgent" in sent}


def _own(request: HttpRequest, values: Mapping[str, Any]) -> OwnQuestions:
    """Return what the organisation asks beside, of what is typed so far."""
    known = ("affected_users", "service", "team", "requester")
    fields = {name: values[name] for name in known if name in values}
    fields["urgent"] = bool(values.get("urgent"))
    return own_questions(recipe_for(KIND), reader(request), fields, values)


def _left_out(request: HttpRequest) -> dict[str, str]:
    """Return what every report needs and this one lacks, each at its field."""
    sent = request.POST
    errors = {}
    if not (sent.get("requester", "").strip() or sent.get("requester_text", "").strip()):
        errors["requester"] = _("Say for whom you log this.")
    if not sent.get("title", "").strip():
        errors["title"] = _("Say in one line what is wrong.")
    return errors


def _check_service(request: HttpRequest, service: str | None) -> None:
    if service and not (service.isdecimal() and len(service) < 19):
        raise Invalid("no_service", _("Choose a service from the list."), "service")
    if service and not services_usable_by(reader(request)).filter(pk=int(service)).exists():
        raise Invalid("no_service", _("Choose a service from the list."), "service")


def _form(
    request: HttpRequest,
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    saved: Any = None,
) -> HttpResponse:
    context = {
        "controls": {one.name: one for one in _controls(request, values)},
        "errors": errors or {},
        "values": values,
        "saved": saved,
        "key": secrets.token_urlsafe(16),
        "own": _own(request, values),
        **_preview(request, values),
    }
    return page(request, "work/record/new.jinja", context, status)


def _controls(request: HttpRequest, values: Mapping[str, Any]) -> list[Control]:
    person = reader(request)
    services = services_usable_by(person).values_list("pk", "name")[:500]
    teams = teams_visible_to(person).filter(is_active=True).values_list("pk", "name")
    title, description = values.get("title", ""), values.get("description", "")
    everybody = values.get("affected_users", "")
    return [
        Control(
            "requester", _("Who needs help?"), "picker", values.get("requester", ""),
            _requester(person, values), _("Type a name or an address."),
            source=reverse("pick_people"),
        ),
        Control("title", _("What is wrong?"), "text", title, hint=_("One line, in their words.")),
        Control(
            "description", _("What else did they say?"), "textarea", description, optional=True
        ),
        Control("affected_users", _("People affected"), "number", everybody, optional=True),
        Control(
            "service", _("Service"), "select", values.get("service", ""), optional=True,
            options=[("", _("Not known yet")), *services],
        ),
        Control(
            "team", _("Team"), "select", values.get("team", ""), optional=True,
            hint=_("Left open, it goes to the team of the service, else to the default team."),
            options=[("", _("As the service says")), *teams],
        ),
    ]  # fmt: skip


def _requester(person: Person, values: Mapping[str, Any]) -> str:
    chosen = str(values.get("requester", ""))
    if values.get("requester_text") or not chosen.isdecimal() or len(chosen) > 18:
        return str(values.get("requester_text", ""))
    found = people_visible_to(person).filter(pk=int(chosen)).first()
    return found.name if found else ""


def _preview(request: HttpRequest, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what follows from what is typed so far: the priority in words, what is alike."""
    recipe = recipe_for(KIND)
    title = str(values.get("title", ""))
    return {
        "priority": _priority(recipe, urgent=bool(values.get("urgent"))),
        "if_urgent": _priority(recipe, urgent=True),
        "similar": similar(reader(request), title) if title.strip() else [],
    }


def _priority(recipe: CompiledRecipe, *, urgent: bool) -> tuple[int, str]:
    level = recipe.priority_of({"urgent": urgent})
    return level or 5, recipe.priority_label(level)


@login_required
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """Return the part of the form that follows from what is typed so far."""
    if not Frame(request).at_desk:
        raise Hidden("not_here", _("There is nothing here."))
    return page(request, "work/record/preview.jinja", _preview(request, request.GET.dict()))


@login_required
@require_GET
def own_part(request: HttpRequest) -> HttpResponse:
    """Return the part of the form that holds the organisation's own fields."""
    if not Frame(request).at_desk:
        raise Hidden("not_here", _("There is nothing here."))
    context = {"own": _own(request, request.GET.dict()), "errors": {}}
    return page(request, "work/own_fields.jinja", context)


urlpatterns = [
    path("new/incident/fields", own_part, name="incident_own_fields"),
    path("new/incident", incident_new, name="incident_new"),
    path("new/incident/preview", preview, name="incident_preview"),
]
