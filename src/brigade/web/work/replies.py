"""Canned replies: written, changed and thrown away here, used in the composer of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brigade.kernel.parties.queries import holds, teams_of, teams_visible_to
from brigade.kernel.records.reading import record_for
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused
from brigade.kernel.work.replies import PLACES, WRITERS, drop_reply, filled, keep_reply, replies_for
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.controls import Control
from brigade.web.work.numbers import NUMBER

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Team
    from brigade.kernel.work.models import CannedReply


@login_required
@require_GET
def replies(request: HttpRequest) -> HttpResponse:
    """List the replies one may use."""
    person = _writer(request)
    context = {"replies": list(replies_for(person)), "may": _may_change(request)}
    return page(request, "work/replies.jinja", context)


def _writer(request: HttpRequest) -> Any:
    person = reader(request)
    if not any(holds(person, role) for role in WRITERS):
        raise NotPermitted("not_permitted", _("Canned replies are for those who answer requests."))
    return person


def _may_change(request: HttpRequest) -> Any:
    person = reader(request)
    mine = set(teams_of(person))
    lead = holds(person, "team_lead") or holds(person, "process_owner")
    return lambda reply: lead if reply.team_id is None else reply.team_id in mine


@login_required
@require_http_methods(["GET", "POST"])
def one_reply(request: HttpRequest, reply_id: int | None = None) -> HttpResponse:
    """Write a reply, or change one."""
    _writer(request)
    reply = _reply(request, reply_id) if reply_id is not None else None
    if request.method == "GET":
        return _form(request, reply)
    try:
        kept = keep_reply(
            request.POST.get("name", ""),
            request.POST.get("body", ""),
            by=reader(request),
            team=_team(request),
            reply=reply,
        )
    except Invalid as no:
        return _form(request, reply, no)
    messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})
    return redirect("replies")


def _reply(request: HttpRequest, reply_id: int) -> CannedReply:
    reply = replies_for(reader(request)).filter(pk=reply_id).first()
    if reply is None:
        raise Hidden("no_such_reply", _("There is no such reply, or it is another team's."))
    return reply


def _team(request: HttpRequest) -> Team | None:
    wanted = request.POST.get("team", "")
    if not wanted:
        return None
    person = reader(request)
    teams = teams_visible_to(person).filter(pk__in=teams_of(person))
    team = teams.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 19 else None
    if team is None:
        raise NotPermitted("not_permitted", _("You may write replies for your own teams."))
    return team


def _form(
    request: HttpRequest, reply: CannedReply | None, no: Refused | None = None
) -> HttpResponse:
    sent = request.POST if no else {}
    start = {"name": reply.name, "body": reply.body, "team": reply.team_id} if reply else {}
    value = {key: sent.get(key, start.get(key, "")) for key in ("name", "body", "team")}
    places = " ".join("{" + place + "}" for place in PLACES)
    hint = _("These are filled in for the record: %(places)s") % {"places": places}
    controls = [
        Control("name", _("Name"), "text", value["name"]),
        Control("body", _("Text"), "textarea", value["body"], hint=hint),
        Control("team", _("For"), "select", value["team"], options=_teams(request)),
    ]
    context = {
        "reply": reply,
        "controls": controls,
        "errors": {no.field or "": str(no.message)} if no else {},
    }
    return page(request, "work/reply.jinja", context, no.status if no else 200)


def _teams(request: HttpRequest) -> list[tuple[Any, str]]:
    person = reader(request)
    mine = teams_visible_to(person).filter(pk__in=teams_of(person)).values_list("pk", "name")
    lead = holds(person, "team_lead") or holds(person, "process_owner")
    return [*mine, ("", _("All teams"))] if lead else list(mine)


@login_required
@require_POST
def reply_removal(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Throw a reply away."""
    reply = _reply(request, reply_id)
    drop_reply(reply, by=reader(request))
    messages.success(request, _("“%(name)s” is thrown away.") % {"name": reply.name})
    return redirect("replies")


@login_required
@require_GET
def text(request: HttpRequest, number: str, reply_id: int) -> HttpResponse:
    """Return a reply filled in for a record, for a script to put where the cursor is."""
    person = reader(request)
    words = filled(_reply(request, reply_id), record_for(person, number), by=person)
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@login_required
@require_GET
def suggestions(request: HttpRequest, number: str) -> HttpResponse:
    """Return the replies whose name has what was typed after the slash, at most eight."""
    person = reader(request)
    record = record_for(person, number)
    words = request.GET.get("q", "").strip()[:60].casefold()
    found = [one for one in replies_for(person) if words in one.name.casefold()][:8]
    texts = {one.pk: filled(one, record, by=person) for one in found}
    return page(request, "work/suggestions.jinja", {"replies": found, "texts": texts})


urlpatterns = [
    path("replies", replies, name="replies"),
    path("replies/new", one_reply, name="reply_new"),
    path("replies/<int:reply_id>", one_reply, name="reply"),
    path("replies/<int:reply_id>/removal", reply_removal, name="reply_removal"),
    path(f"{NUMBER}/replies", suggestions, name="record_replies"),
    path(f"{NUMBER}/replies/<int:reply_id>", text, name="record_reply"),
]
