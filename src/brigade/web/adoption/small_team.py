"""Small-team mode: what is relaxed, who chose it and why, and every use of it by month."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from babel import dates
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from brigade.kernel import instants
from brigade.kernel.parties.access import may_administer, needed
from brigade.kernel.recipes.small_team import (
    FEWER_THAN,
    RELAXABLE,
    approved_alone,
    choose_small_team,
    small_team,
    staff_count,
)
from brigade.kernel.refused import Refused
from brigade.web.parties import asking
from brigade.web.recipes.recipes import require_staff
from brigade.web.shell import times
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.pickers import person_named

RULES: dict[str, tuple[str | Promise, str | Promise]] = {
    "S1": (
        lazy("S1: one's own request"),
        lazy("Whoever asks for a change, a request or an access, or carries it out, approves it."),
    ),
    "S3": (
        lazy("S3: money of vendors"),
        lazy("Whoever manages a vendor approves its credits, charges and contract money."),
    ),
    "S7": (
        lazy("S7: controls and findings"),
        lazy("Whoever owns a control tests it; whoever owns an action verifies it."),
    ),
    "S8": (
        lazy("S8: recipes"),
        lazy("Whoever writes a recipe publishes it."),
    ),
}
"""What becomes possible for one person alone where a rule is relaxed."""


@login_required
@require_http_methods(["GET", "POST"])
def small_team_page(request: HttpRequest) -> HttpResponse:
    """Show the mode and its uses to everybody who works here; an administrator chooses it."""
    require_staff(request)
    if request.method == "GET":
        return _shown(request)
    me, sent = reader(request), request.POST
    needed(may_administer(me))
    rules = sent.getlist("rules")
    try:
        head = person_named(me, sent.get("head", ""), sent.get("head_text", "").strip())
        choose_small_team(rules, by=me, reason=sent.get("reason", ""), head=head)
    except Refused as no:
        return _shown(request, no)
    said = _("Chosen. It is seen by everybody who works here.") if rules else _("It is off.")
    messages.success(request, said)
    return redirect("small_team")


def _month(request: HttpRequest) -> datetime:
    """Return the first instant of the month asked for, in the reader's zone; else of this one."""
    here = timezone.get_current_timezone()
    today = instants.now().astimezone(here)
    try:
        asked = datetime.strptime(request.GET.get("month", ""), "%Y-%m")
    except ValueError:
        asked = today
    return asked.replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=here)


def _shown(request: HttpRequest, no: Refused | None = None) -> HttpResponse:
    me, row, month = reader(request), small_team(), _month(request)
    count = staff_count()
    after = (month + timedelta(days=32)).replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    posted = request.method == "POST"
    head = row.head if row else None
    context: dict[str, Any] = {
        "row": row,
        "on": bool(row and row.rules),
        "holds": count < FEWER_THAN,
        "count": count,
        "most": FEWER_THAN,
        "rules": [
            {"value": rule, "label": RULES[rule][0], "hint": RULES[rule][1]} for rule in RELAXABLE
        ],
        "relaxed": [RULES[rule][0] for rule in row.rules] if row else [],
        "chosen": request.POST.getlist("rules") if posted else (row.rules if row else []),
        "given": asking.given(request),
        "head": ("", "") if posted or head is None else (head.pk, head.name),
        "may": may_administer(me),
        "month": dates.format_skeleton("yMMMM", month, locale=times.locale()),
        "uses": approved_alone(since=month, until=after),
        "earlier": f"{reverse('small_team')}?month={before:%Y-%m}",
        "errors": asking.errors_of(no),
    }
    return page(request, "adoption/small_team.jinja", context, no.status if no else 200)


urlpatterns = [path("adoption/small-team", small_team_page, name="small_team")]
