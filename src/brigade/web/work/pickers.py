"""What a field with a list from the server asks: people, and records to link to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from brigade.kernel.parties.queries import people_page, people_visible_to
from brigade.kernel.records.search import search
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

SHOWN = 8


def _options(request: HttpRequest, prefix: str, options: list[dict[str, Any]]) -> HttpResponse:
    groups = [{"label": None, "options": options}]
    context = {"groups": groups, "prefix": prefix, "create": None}
    return page(request, "components/options.jinja", context)


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Return the people whose name or address begins with what was typed; `team` narrows them."""
    team = request.GET.get("team", "")
    found = people_page(
        reader(request),
        text=request.GET.get("q", "")[:100],
        team=int(team) if team.isdecimal() and len(team) < 19 else None,
        limit=SHOWN,
    )
    return _options(
        request,
        "person",
        [{"value": one.pk, "label": one.name, "note": _known_by(one)} for one in found],
    )


def _known_by(person: Person) -> str:
    return (person.organisation.name if person.organisation else "") or person.email or ""


def person_named(by: Person, chosen: str, typed: str) -> Person | None:
    """Return the one visible person with this id, else with this name or address."""
    if chosen.isdecimal() and len(chosen) < 19:
        return people_visible_to(by).filter(pk=int(chosen), is_active=True).first()
    if not typed:
        return None
    found = people_page(by, text=typed, limit=SHOWN)
    exact = [one for one in found if typed.casefold() in (one.name.casefold(), one.email)]
    likely = exact or found
    return likely[0] if len(likely) == 1 else None


@login_required
@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """Return the records that what was typed finds, by number or by words."""
    found = search(reader(request), request.GET.get("q", "")[:100], limit=SHOWN)
    return _options(
        request,
        "record",
        [{"value": one.number, "label": one.number, "note": one.title[:60]} for one in found],
    )


urlpatterns = [
    path("pick/people", people, name="pick_people"),
    path("pick/records", records, name="pick_records"),
]
