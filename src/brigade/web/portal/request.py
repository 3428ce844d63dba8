"""One request as whoever asked for it, or follows it, reads it and answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brigade.kernel import instants
from brigade.kernel.outbox.notices import mark_read
from brigade.kernel.records.portal import read_ask
from brigade.kernel.records.reading import record_for
from brigade.kernel.refused import Hidden, Refused
from brigade.kernel.work.drafts import draft_of, drop_draft
from brigade.web.portal import sending, words
from brigade.web.portal.aim import aim
from brigade.web.portal.answering import act, answer, follow, offers
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work import numbers
from brigade.web.work.record_details import own_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from brigade.kernel.records.models import Record

__all__ = ["numbers", "urlpatterns"]


NOTHING = {"do": "", "why": "", "body": "", "address": ""}
"""What the page's forms hold before anybody has written."""


def draft_name(number: str) -> str:
    """Return the name under which an answer is kept while it is written."""
    return f"{number}/answer"


@login_required
@require_GET
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show where it stands, what was said, and what the reader can do."""
    answer_page = _shown(request, number)
    record = record_for(reader(request), number)
    mark_read(by=reader(request), at=instants.now(), record_id=record.pk)
    return answer_page


def _shown(
    request: HttpRequest,
    number: str,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    person, before = reader(request), request.GET.get("before", "")
    reading = read_ask(person, number, before=int(before[:9]) if before.isdecimal() else None)
    errors = dict(errors or {})
    again = sending.choose_again(sending.files_of(request)) if errors else ""
    if again:
        errors["files"] = " ".join(filter(None, (errors.get("files"), again)))
    context = {
        "reading": reading,
        "record": reading.record,
        "mine": reading.record.requester_id == person.pk,
        "person": person,
        "standing": words.standing(reading.ask, person),
        "aim": aim(reading.record) if reading.record.requester_id == person.pk else "",
        "steps": words.steps(reading.record, reading.ask, person),
        "own_facts": [asdict(one) for one in own_facts(reading.record)],
        "offers": offers(reading.record, person),
        "following": any(one.person_id == person.pk for one in reading.watchers),
        "errors": errors,
        "given": {**NOTHING, **request.POST.dict()},
        "draft": draft_of(draft_name(number), by=person),
        "key": sending.new_key(),
        "accept": sending.accepted(),
        "limits": sending.limits(),
    }
    return page(request, "portal/request.jinja", context, status)


@login_required
@require_POST
def replies(request: HttpRequest, number: str) -> HttpResponse:
    """Take an answer with its files; where we waited for it, work goes on."""
    person, body = reader(request), request.POST.get("body", "")
    done = _done(request, number, lambda record: answer(record, body, request, person), _("Sent."))
    if done.status_code == 302:
        drop_draft(draft_name(number), by=person)
    return done


@login_required
@require_POST
def moves(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm, reopen or cancel."""
    said = {
        "confirm": _("Thank you. It is closed now."),
        "reopen": _("It is open again. Somebody looks at it."),
        "cancel": _("It is cancelled."),
    }
    what = request.POST.get("do", "")
    return _done(
        request,
        number,
        lambda record: act(record, what, request, reader(request)),
        said.get(what, _("Done.")),
    )


@login_required
@require_POST
def watchers(request: HttpRequest, number: str) -> HttpResponse:
    """Follow it, stop following it, or let a colleague follow it."""
    return _done(
        request,
        number,
        lambda record: follow(record, request, reader(request)),
        _("Done."),
    )


def _done(
    request: HttpRequest, number: str, work: Callable[[Record], Record], said: str
) -> HttpResponse:
    """Do the work once and lead back to the page, or show the page with what was wrong."""
    person = reader(request)
    record = record_for(person, number)
    try:
        sending.send_once(request, person, lambda: work(record))
    except Hidden:
        raise
    except Refused as no:
        if no.code == "key_used":
            return redirect("portal_request", number)
        return _shown(request, number, {no.field or "": str(no.message)}, no.status)
    messages.success(request, said)
    try:
        record_for(person, number)
    except Hidden:
        return redirect("portal_requests")
    return redirect("portal_request", number)


urlpatterns = [
    path("requests/<number:number>", request_page, name="portal_request"),
    path("requests/<number:number>/replies", replies, name="portal_request_replies"),
    path("requests/<number:number>/moves", moves, name="portal_request_moves"),
    path("requests/<number:number>/watchers", watchers, name="portal_request_watchers"),
]
