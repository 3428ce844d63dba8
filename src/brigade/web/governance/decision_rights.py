"""Decision rights: the list with its gaps and overlaps, one right and how it was worded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brigade.governance.decision_rights import access, actions
from brigade.governance.decision_rights.queries import faults_now, rights_now, wordings_of
from brigade.kernel.calendars.queries import calendars_visible_to
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.queries import teams_visible_to
from brigade.kernel.parties.roles import ROLES
from brigade.kernel.recipes.queries import version_for
from brigade.kernel.refused import Invalid, Refused
from brigade.web.governance import right_words
from brigade.web.parties import asking
from brigade.web.services import hours
from brigade.web.shell.money import read_money, typed
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.governance.decision_rights.models import DecisionRight

NUMBERS = ("seats", "quorum", "deadline_wd", "silent_wd")
START = {"seats": 5, "quorum": 3, "deadline_wd": 10, "silent_wd": 5}


@login_required
@require_GET
def decision_rights(request: HttpRequest) -> HttpResponse:
    """List who decides what, the gaps and overlaps first."""
    me = reader(request)
    version_for("decision")
    needed(access.may_read_rights(me))
    context = {
        "rows": list(rights_now()),
        "faults": faults_now(),
        "words": right_words,
        "may_word": access.may_word_rights(me),
    }
    return page(request, "governance/decision_rights/index.jinja", context)


@login_required
@require_http_methods(["GET", "POST"])
def decision_right_new(request: HttpRequest) -> HttpResponse:
    """Ask who decides what, and say so from now on."""
    me = reader(request)
    version_for("decision")
    needed(access.may_word_rights(me))
    if request.method == "GET":
        return _shown(request, START)
    try:
        actions.add_right(by=me, **_wish(request))
    except Refused as no:
        return _shown(request, request.POST.dict(), no=no)
    return asking.done(request, _("The decision right is added."), "decision_rights")


@login_required
@require_http_methods(["GET", "POST"])
def decision_right(request: HttpRequest, series: int) -> HttpResponse:
    """Show a right and how it was worded; with a form, word it anew."""
    me = reader(request)
    version_for("decision")
    wordings = wordings_of(me, series)
    if request.method == "GET":
        return _shown(request, _kept(wordings[0]), wordings)
    needed(access.may_word_rights(me))
    try:
        actions.change_right(wordings[0], by=me, **_wish(request))
    except Refused as no:
        return _shown(request, request.POST.dict(), wordings, no)
    return asking.done(request, _("The decision right is changed."), "decision_right", series)


@login_required
@require_POST
def decision_right_end(request: HttpRequest, series: int) -> HttpResponse:
    """Let nobody decide by this right any more."""
    version_for("decision")
    wordings = wordings_of(reader(request), series)
    try:
        actions.end_right(wordings[0], by=reader(request))
    except Refused as no:
        return _shown(request, _kept(wordings[0]), wordings, no)
    return asking.done(request, _("Nobody decides by it any more."), "decision_rights")


def _wish(request: HttpRequest) -> actions.Wish:
    """Return what the form says; raises Invalid with the field at fault."""
    me, sent = reader(request), request.POST
    currency = sent.get("currency", "").strip().upper()
    numbers = {name: asking.whole(sent.get(name, "").strip()) for name in NUMBERS}
    for name, number in numbers.items():
        if number is None:
            raise Invalid("whole_number", _("Give a whole number."), name)
    calendar = asking.one_of(request, "calendar", calendars_visible_to(me))
    if calendar is None:
        raise Invalid("no_calendar", _("Choose the calendar whose days count."), "calendar")
    return actions.Wish(
        topic=sent.get("topic", "").strip().lower().replace(" ", "_"),
        currency=currency,
        amount_from=read_money(sent.get("amount_from", ""), currency, "amount_from") or 0,
        amount_to=read_money(sent.get("amount_to", ""), currency, "amount_to"),
        body=asking.one_of(request, "body", teams_visible_to(me).filter(is_active=True)),
        role=sent.get("role", ""),
        majority=sent.get("majority", "simple"),
        must=[role for role in sent.getlist("must") if role],
        calendar=calendar,
        escalate_to=asking.person_of(request, "escalate_to"),
        default_if_silent=sent.get("default_if_silent", "escalate"),
        voting=sent.get("voting", "meeting"),
        **numbers,  # type: ignore[typeddict-item]
    )


def _kept(one: DecisionRight) -> dict[str, Any]:
    plain = ("topic", "currency", "role", "majority", "must", "default_if_silent", "voting")
    return {name: getattr(one, name) for name in (*plain, *NUMBERS)} | {
        "amount_from": typed(one.amount_from, one.currency) if one.currency else "",
        "amount_to": typed(one.amount_to, one.currency),
        "body": one.body_id or "",
        "calendar": one.calendar_id,
        "escalate_to": one.escalate_to_id or "",
        "escalate_to_text": one.escalate_to.name if one.escalate_to else "",
    }


def _shown(
    request: HttpRequest,
    given: dict[str, Any],
    wordings: list[DecisionRight] | None = None,
    no: Refused | None = None,
) -> HttpResponse:
    me = reader(request)
    one = wordings[0] if wordings else None
    may = access.may_word_rights(me) and (one is None or one.valid_to is None)
    must = request.POST.getlist("must") if request.method == "POST" else given.get("must", [])
    context = {
        "one": one,
        "wordings": wordings or [],
        "words": right_words,
        "given": asking.Given(given),
        "must": must,
        "roles": right_words.role_options(),
        "must_roles": [{"value": key, "label": _(role.word)} for key, role in ROLES.items()],
        "teams": asking.team_options(me, one.body_id if one else None) if may else [],
        "calendars": hours.options(me, one.calendar_id if one else None, _("Choose")),
        "may_word": may,
        "errors": asking.errors_of(no),
    }
    return page(
        request, "governance/decision_rights/right.jinja", context, no.status if no else 200
    )


urlpatterns = [
    path("decision-rights", decision_rights, name="decision_rights"),
    path("decision-rights/new", decision_right_new, name="decision_right_new"),
    path("decision-rights/<int:series>", decision_right, name="decision_right"),
    path("decision-rights/<int:series>/end", decision_right_end, name="decision_right_end"),
]
