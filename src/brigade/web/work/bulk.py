"""Assigning many records from the queue: a result for each, and the way back for a while."""

from __future__ import annotations

from dataclasses import asdict
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brigade.kernel.records.lists import LIMIT, list_page
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.work.assigning import KEEP
from brigade.kernel.work.bulk import MOST, Outcome, assign_many, give_back
from brigade.kernel.work.viewing import views_of
from brigade.web.work.pickers import person_named
from brigade.web.work.queue import require_desk
from brigade.web.work.queue_query import (
    asked_for,
)
from brigade.web.work.queue_views import list_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brigade.kernel.parties.models import Person

UNDO = "bulk_undo"
REPORT = "bulk_report"


@login_required
@require_POST
def assign_selected(request: HttpRequest) -> HttpResponse:
    """Assign the selected records, or all of the list, and go back to the list with the result."""
    person = require_desk(request)
    numbers = _numbers(person, request.POST)
    team, assignee = _to(person, request.POST)
    outcomes = assign_many(numbers, by=person, team=team, assignee=assignee)
    query = request.POST.get("query", "")
    _report(request, outcomes, query)
    return redirect(list_address(query))


def _numbers(person: Person, sent: QueryDict) -> list[str]:
    """Return the numbers that were selected, or of all the list, where that was asked."""
    if "every" not in sent:
        numbers = sent.getlist("picked")
        if not numbers:
            raise Refused("nothing_selected", _("Select the rows first, then say whose they are."))
        return numbers
    asked = asked_for(person, QueryDict(sent.get("query", "")), list(views_of(person)))
    numbers, after = [], None
    while len(numbers) <= MOST:
        found = list_page(person, asked.wanted, asked.sort, after, LIMIT)
        numbers += [row["number"] for row in found.rows]
        after = found.next_cursor
        if after is None:
            break
    return numbers


def _to(person: Person, sent: QueryDict) -> tuple[Any, Any]:
    """Return the team and the person that the bar says; raises Invalid where it says neither."""
    team = sent.get("team", "")
    typed = sent.get("assignee_text", "").strip()
    assignee: Any = KEEP
    if "me" in sent:
        assignee = person.pk
    elif sent.get("assignee") or typed:
        found = person_named(person, sent.get("assignee", ""), typed)
        if found is None:
            raise Invalid(
                "no_such_person",
                _("Nobody of this name is known, or several are. Type more of it."),
                "assignee",
            )
        assignee = found.pk
    if assignee is KEEP and not team.isdecimal():
        raise Invalid("nobody_chosen", _("Choose a team or a person to assign to."), "team")
    return (int(team) if team.isdecimal() else KEEP), assignee


def _report(request: HttpRequest, outcomes: Sequence[Outcome], query: str) -> None:
    """Say what was done, with its undo, and keep for the next page what was not and why."""
    changed = [each for each in outcomes if each.changed]
    done = sum(each.done for each in outcomes)
    failed = [{"number": each.number, "why": each.why} for each in outcomes if not each.done]
    request.session[REPORT] = {"done": done, "failed": failed} if failed else None
    if not done:
        return
    key = token_urlsafe(12)
    kept = {"key": key, "query": query, "outcomes": [asdict(each) for each in changed]}
    request.session[UNDO] = kept
    words = ngettext("Assigned %(n)d.", "Assigned %(n)d.", done) % {"n": done}
    undo = reverse("queue_undo", args=[key]) if changed else ""
    messages.success(request, words, extra_tags=undo)


@login_required
@require_POST
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take the last bulk assignment back, as far as nothing has happened since."""
    person = require_desk(request)
    kept = request.session.get(UNDO)
    if not kept or kept["key"] != key:
        raise Refused("too_late", _("That can no longer be undone here."))
    del request.session[UNDO]
    outcomes = give_back([Outcome(**each) for each in kept["outcomes"]], by=person)
    failed = [{"number": each.number, "why": each.why} for each in outcomes if not each.done]
    back = len(outcomes) - len(failed)
    request.session[REPORT] = {"done": back, "failed": failed} if failed else None
    if back:
        words = ngettext("Took back %(n)d.", "Took back %(n)d.", back) % {"n": back}
        messages.success(request, words)
    return redirect(list_address(kept["query"]))


urlpatterns = [
    path("queue/assignments", assign_selected, name="queue_assign"),
    path("queue/undo/<str:key>", undo, name="queue_undo"),
]
