"""The list of targets, and the page of one: what it promises, to whom, and how it was worded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brigade.kernel.clocks import access, actions
from brigade.kernel.clocks.notation import write_open_time
from brigade.kernel.clocks.reading import ended_targets, keys_with_clocks, promised_now, wordings_of
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.queries import teams_visible_to
from brigade.kernel.refused import Refused
from brigade.kernel.work.recounting import Moves, moves_of
from brigade.web.parties import asking
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.clocks.models import Target
    from brigade.kernel.parties.models import Person


def fields() -> dict[str, str]:
    """Return the words for what a condition may ask."""
    return {
        "priority": _("Priority"),
        "impact": _("Impact"),
        "urgency": _("Urgency"),
        "category": _("Category"),
        "team": _("Team"),
    }


@login_required
@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    """List what is promised now, and what was promised once."""
    me = reader(request)
    needed(access.may_read_targets(me))
    rows, ended = promised_now(me), ended_targets(me)
    named = teams_named(me, [*rows, *ended])
    context = {
        "rows": [(one, holds_for(one, named), write_open_time(one.seconds)) for one in rows],
        "ended": [(one, holds_for(one, named), write_open_time(one.seconds)) for one in ended],
        "without": sorted(set(keys_with_clocks()) - {one.key for one in rows}),
        "may_add": access.may_word_target(me, None),
    }
    return page(request, "targets/targets.jinja", context)


def teams_named(me: Person, rows: list[Target]) -> dict[int, str]:
    """Return the names of the teams that conditions name and the reader may see."""
    numbers = {number for one in rows for number in one.conditions.get("team", ())}
    if not numbers:
        return {}
    return dict(teams_visible_to(me).filter(pk__in=numbers).values_list("pk", "name"))


def holds_for(one: Target, teams: dict[int, str]) -> list[str]:
    """Return the words for whom and what a target is meant; nothing where it is for all."""
    said = [row.name for row in (one.customer, one.offering, one.service) if row is not None]
    for name, values in one.conditions.items():
        shown = [teams.get(value, "–") if name == "team" else str(value) for value in values]
        said.append(_("%(field)s %(values)s") % {
            "field": fields().get(name, name), "values": ", ".join(shown)})  # fmt: skip
    return said


@login_required
@require_GET
def target(request: HttpRequest, series: int) -> HttpResponse:
    """Show a target, how it was worded before, and what ending it would move."""
    me = reader(request)
    wordings = wordings_of(me, series)
    one = wordings[0]
    ends = request.GET.get("end") == "1" and one.valid_to is None
    may = access.may_word_target(me, one.service)
    moves = None
    if ends and may:
        moves = moves_of(lambda: actions.end_target(one, by=me), by=me, keys=[one.key])
    return _page(request, wordings, moves)


def _page(
    request: HttpRequest, wordings: list[Target], moves: Moves | None, no: Refused | None = None
) -> HttpResponse:
    me, one = reader(request), wordings[0]
    named = teams_named(me, wordings)
    context: dict[str, Any] = {
        "one": one,
        "time": write_open_time(one.seconds),
        "for": holds_for(one, named),
        "wordings": [(each, holds_for(each, named), write_open_time(each.seconds))
                     for each in wordings],
        "may_change": one.valid_to is None and access.may_word_target(me, one.service),
        "moves": moves,
        "errors": asking.errors_of(no),
    }  # fmt: skip
    return page(request, "targets/target.jinja", context, no.status if no else 200)


@login_required
@require_POST
def target_end(request: HttpRequest, series: int) -> HttpResponse:
    """Promise it no longer."""
    me = reader(request)
    wordings = wordings_of(me, series)
    try:
        actions.end_target(wordings[0], by=me)
    except Refused as no:
        return _page(request, wordings, None, no)
    return asking.done(request, _("It is promised no longer."), "target", series)


urlpatterns = [
    path("targets", targets, name="targets"),
    path("targets/<int:series>", target, name="target"),
    path("targets/<int:series>/end", target_end, name="target_end"),
]
