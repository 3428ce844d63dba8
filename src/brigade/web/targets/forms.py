"""The form of a target: what it promises, for whom, and what that would move."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brigade.kernel.calendars.queries import calendars_visible_to
from brigade.kernel.clocks import access, actions
from brigade.kernel.clocks.notation import read_open_time, write_open_time
from brigade.kernel.clocks.reading import keys_with_clocks, wordings_of
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.queries import organisations_visible_to, teams_visible_to
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.services.queries import offerings_visible_to, services_visible_to
from brigade.kernel.work.recounting import Moves, moves_of
from brigade.web.parties import asking
from brigade.web.services import hours
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.targets.targets import fields

if TYPE_CHECKING:
    from brigade.kernel.clocks.models import Target

LEVELS = {"priority": 5, "impact": 3, "urgency": 3}
"""How many steps a condition offers, 1 the highest."""


@login_required
@require_http_methods(["GET", "POST"])
def target_new(request: HttpRequest) -> HttpResponse:
    """Ask what is promised, say what it would move, and promise it."""
    me = reader(request)
    needed(access.may_word_target(me, None))
    if request.method == "GET":
        return _form(request, {"warn_percent": "75"})
    try:
        key = request.POST.get("key", "")
        kind = keys_with_clocks().get(key)
        if kind is None:
            raise Invalid("no_such_clock", _("Choose a clock that a recipe runs."), "key")
        wish = _wish(request)
        return _answer(request, None, key, lambda: actions.add_target(key, kind, by=me, **wish))
    except Refused as no:
        return _form(request, _sent(request), no=no)


@login_required
@require_http_methods(["GET", "POST"])
def target_change(request: HttpRequest, series: int) -> HttpResponse:
    """Ask how a target is worded from now on, say what that would move, and word it so."""
    me = reader(request)
    one = wordings_of(me, series)[0]
    needed(access.may_word_target(me, one.service))
    if request.method == "GET":
        return _form(request, _kept(one), one)
    try:
        wish = _wish(request)
        return _answer(request, one, one.key, lambda: actions.change_target(one, by=me, **wish))
    except Refused as no:
        return _form(request, _sent(request), one, no)


def _answer(
    request: HttpRequest, one: Target | None, key: str, change: Callable[[], Target]
) -> HttpResponse:
    """Do it, or, where that was asked, say what it would move."""
    if "preview" in request.POST:
        moves = moves_of(change, by=reader(request), keys=[key])
        return _form(request, _sent(request), one, moves=moves)
    made = change()
    message = _("The target is changed.") if one else _("The target is added.")
    return asking.done(request, message, "target", made.series)


def _wish(request: HttpRequest) -> actions.Wish:
    """Return what the form says; raises Invalid with the field at fault."""
    me, sent = reader(request), request.POST
    text = sent.get("time", "").strip()
    percent = asking.whole(sent.get("warn_percent", ""))
    calendar = asking.one_of(request, "calendar", calendars_visible_to(me))
    if calendar is None:
        raise Invalid("no_calendar", _("Choose the calendar whose time counts."), "calendar")
    return {
        "name": sent.get("name", ""),
        "conditions": _conditions(request),
        "customer": asking.one_of(request, "customer", organisations_visible_to(me)),
        "service": asking.one_of(request, "service", services_visible_to(me)),
        "offering": asking.one_of(request, "offering", offerings_visible_to(me)),
        "seconds": read_open_time(text, "time") if text else None,
        "calendar": calendar,
        "warn_percent": percent if percent is not None else 0,
    }


def _conditions(request: HttpRequest) -> dict[str, list[Any]]:
    sent = request.POST
    found: dict[str, list[Any]] = {}
    for name in LEVELS:
        found[name] = [level for text in sent.getlist(name) if (level := asking.whole(text))]
    found["category"] = [word.strip() for word in sent.get("category", "").split(",")]
    teams = [number for text in sent.getlist("team") if (number := asking.whole(text))]
    seen = teams_visible_to(reader(request)).filter(pk__in=teams)
    found["team"] = sorted(seen.values_list("pk", flat=True))
    return {name: kept for name, values in found.items() if (kept := [v for v in values if v])}


def _kept(one: Target) -> dict[str, Any]:
    held = one.conditions
    plain = {
        "name": one.name,
        "key": one.key,
        "time": write_open_time(one.seconds),
        "warn_percent": one.warn_percent,
        "category": ", ".join(held.get("category", [])),
    }
    chosen = {name: held.get(name, []) for name in (*LEVELS, "team")}
    references = ("customer", "service", "offering", "calendar")
    return plain | chosen | {name: getattr(one, f"{name}_id") or "" for name in references}


def _sent(request: HttpRequest) -> dict[str, Any]:
    many = {
        name: [asking.whole(text) for text in request.POST.getlist(name)]
        for name in (*LEVELS, "team")
    }
    return request.POST.dict() | many  # fmt: skip


def _form(
    request: HttpRequest,
    given: dict[str, Any],
    one: Target | None = None,
    no: Refused | None = None,
    moves: Moves | None = None,
) -> HttpResponse:
    me = reader(request)
    words = fields()
    offerings = offerings_visible_to(me).select_related("service").order_by("service__name", "name")
    services = services_visible_to(me).order_by("name").values_list("pk", "name")
    context = {
        "one": one,
        "given": asking.Given(given),
        "keys": [("", _("Choose")), *((key, key) for key in sorted(keys_with_clocks()))],
        "levels": [
            (name, words[name], [{"value": n, "label": str(n)} for n in range(1, most + 1)])
            for name, most in LEVELS.items()
        ],
        "teams": [{"value": pk, "label": name} for pk, name in asking.team_options(me) if pk],
        "calendars": hours.options(me, one.calendar_id if one else None, _("Choose")),
        "customers": asking.organisation_options(me),
        "services": [("", _("Every service")), *services[: asking.MOST_OPTIONS]],
        "offerings": [("", _("Every offering")), *(
            (row.pk, f"{row.service.name}: {row.name}")
            for row in offerings[: asking.MOST_OPTIONS]
        )],
        "moves": moves,
        "errors": asking.errors_of(no),
    }  # fmt: skip
    return page(request, "targets/form.jinja", context, no.status if no else 200)


urlpatterns = [
    path("targets/new", target_new, name="target_new"),
    path("targets/<int:series>/change", target_change, name="target_change"),
]
