"""Reporting a problem: the one form of the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brigade.kernel.recipes.own_fields import PREFIX
from brigade.kernel.recipes.queries import recipe_for
from brigade.kernel.records.reading import record_for
from brigade.kernel.refused import Refused
from brigade.kernel.services.queries import services_usable_by
from brigade.kernel.work.drafts import draft_of, drop_draft, save_draft
from brigade.kernel.work.opening import open_record
from brigade.web.portal import sending
from brigade.web.portal.report_form import Checked, Given, check
from brigade.web.shell.reader import reader, require_practice
from brigade.web.shell.render import page
from brigade.web.shell.times import localtime
from brigade.web.work.own_controls import OwnQuestions, at_its_control, own_given, own_questions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

KIND = "incident"
DRAFT = "portal/report"
LISTED = 15
"""More services than this are looked for by typing."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form, with one's draft in it or what one typed elsewhere; take it when sent."""
    require_practice(request, KIND)
    if request.method == "POST":
        return _taken(request)
    kept, saved_at = draft_of(DRAFT, by=reader(request))
    started = _started(request)
    if started is not None:
        return _form(request, started, {}, draft_waits=bool(kept))
    return _form(request, Given.of(kept), kept, saved_at=saved_at)


def _started(request: HttpRequest) -> Given | None:
    """Return a form begun elsewhere: words typed at the start, or a record that is back again."""
    words, again = request.GET.get("q", "").strip()[:300], request.GET.get("again", "")[:20]
    if again:
        before = record_for(reader(request), again)
        told = _("This happened before: %(number)s.") % {"number": before.number}
        return Given(before.title, told, service=str(before.service_id or ""))
    return Given(title=words) if words else None


def _taken(request: HttpRequest) -> HttpResponse:
    person, given = reader(request), Given.of(request.POST.dict())
    if "later" in request.POST:
        return _kept_for_later(request, given)
    if "discard" in request.POST:
        drop_draft(DRAFT, by=person)
        return redirect("portal_home")
    sent = request.POST.dict()
    asked, checked = _own(person, given, sent), check(given, person)
    if problems := checked.errors or asked.unseen(sent):
        return _form(request, given, sent, problems, 422)
    try:
        checked.fields |= own_given(request, asked)
        number = sending.send_once(request, person, lambda: _open(request, person, checked))
    except Refused as no:
        errors = {at_its_control(_field_of(no), asked): _sentence(no)}
        return _form(request, given, sent, errors, no.status)
    drop_draft(DRAFT, by=person)
    said = _("Sent. Its number is %(number)s.") % {"number": number}
    messages.success(request, said)
    return redirect("portal_request", number)


def _own(person: Person, given: Given, values: Mapping[str, Any]) -> OwnQuestions:
    """Return what the organisation asks beside, of what is typed so far."""
    told = given.told() | {"requester": person.pk}
    return own_questions(recipe_for(KIND), person, told, values, public=True)


def _kept(request: HttpRequest, given: Given) -> dict[str, str]:
    """Return what a draft keeps: nothing where nothing was typed yet."""
    kept = given.kept()
    own = {name: said for name, said in request.POST.dict().items() if name.startswith(PREFIX)}
    return kept | own if kept else {}


def _kept_for_later(request: HttpRequest, given: Given) -> HttpResponse:
    if save_draft(DRAFT, _kept(request, given), by=reader(request)):
        messages.success(request, _("Kept for later. You find it here for 30 days."))
    return redirect("portal_home")


def _open(request: HttpRequest, person: Person, checked: Checked) -> Record:
    record = open_record(KIND, by=person, fields=checked.fields, channel="portal")
    sending.attach_all(record, sending.files_of(request), by=person)
    return record


def _field_of(no: Refused) -> str:
    names = {"affected_users": "affected", "urgent": "still_works", "Idempotency-Key": ""}
    return names.get(no.field or "", no.field or "")


def _sentence(no: Refused) -> str:
    if no.code == "key_used":
        return _("You sent this form before. Look under My requests; send again to report anew.")
    return str(no.message)


def _form(
    request: HttpRequest,
    given: Given,
    values: Mapping[str, Any],
    errors: dict[str, str] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    person = reader(request)
    services = list(services_usable_by(person).values_list("pk", "name")[: LISTED + 1])
    errors = dict(errors or {})
    again = sending.choose_again(sending.files_of(request)) if status != 200 else ""
    if again:
        errors["files"] = " ".join(filter(None, (errors.get("files"), again)))
    context = {
        "given": given,
        "own": _own(person, given, values),
        "errors": errors,
        "services": services if len(services) <= LISTED else [],
        "many_services": len(services) > LISTED,
        "person": person,
        "key": sending.new_key(),
        "accept": sending.accepted(),
        "limits": sending.limits(),
        "saved_at": None,
        "draft_waits": False,
        **more,
    }
    return page(request, "portal/report.jinja", context, status)


@login_required
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed, and answer with the words to show about it."""
    given = Given.of(request.POST.dict())
    saved_at = save_draft(DRAFT, _kept(request, given), by=reader(request))
    said = _("Draft saved %(time)s") % {"time": localtime(saved_at, "time")} if saved_at else ""
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@login_required
@require_GET
def fields(request: HttpRequest) -> HttpResponse:
    """Return the part of the form that holds the organisation's own fields."""
    require_practice(request, KIND)
    typed = request.GET.dict()
    context = {"own": _own(reader(request), Given.of(typed), typed), "errors": {}}
    return page(request, "work/own_fields.jinja", context)


@login_required
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """Answer the service picker: usable services whose name has what was typed."""
    words = request.GET.get("q", "").strip()[:100]
    found = services_usable_by(reader(request)).filter(name__icontains=words)[:LISTED]
    options = [{"value": one.pk, "label": one.name} for one in found]
    context = {"groups": [{"label": None, "options": options}], "prefix": "s", "create": None}
    return page(request, "components/options.jinja", context)


urlpatterns = [
    path("help/report", report, name="portal_report"),
    path("help/report/draft", draft, name="portal_report_draft"),
    path("help/report/fields", fields, name="portal_report_fields"),
    path("help/report/services", services, name="portal_report_services"),
]
