"""The portal's start: ask in one's own words, and see what is under way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_GET

from brigade.kernel.records.access import records_visible_to
from brigade.kernel.records.lists import ListFilter
from brigade.kernel.records.portal import asks_page
from brigade.kernel.work.drafts import draft_of
from brigade.web.portal.report import DRAFT
from brigade.web.portal.words import CONFIRM, REPLY, Line, line
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

UNDER_WAY = ("new", "active", "waiting", "resolved")
"""Not over for whoever asked: what is fixed still waits for their word."""

SHOWN = 6
NUMBER = re.compile(r"\s*([A-Za-z]{2,6}-?[0-9]{1,12})\s*")


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what one asked for; with `?q=` look for it first, and offer to report it."""
    person, words = reader(request), request.GET.get("q", "").strip()[:300]
    number = _number_in(words, person)
    if number:
        return redirect("portal_request", number)
    under_way = asks_page(
        person, ListFilter(requester=person.pk, categories=UNDER_WAY), limit=SHOWN
    )
    context = {
        "words": words,
        "found": _found(words, person),
        "lines": sorted((line(ask, person) for ask in under_way.asks), key=_mine_first),
        "more": under_way.next_cursor is not None,
        "draft": draft_of(DRAFT, by=person),
    }
    return page(request, "portal/home.jinja", context)


def _number_in(words: str, person: Person) -> str:
    """Return the number that was typed, if it is one of a record the person may read."""
    typed = NUMBER.fullmatch(words)
    if typed is None:
        return ""
    letters, digits = re.match(r"([A-Za-z]+)-?(\d+)", typed[1]).groups()  # type: ignore[union-attr]
    number = f"{letters.upper()}-{digits}"
    return number if records_visible_to(person).filter(number=number).exists() else ""


def _found(words: str, person: Person) -> list[Line]:
    if not words:
        return []
    found = asks_page(person, ListFilter(requester=person.pk, text=words), limit=SHOWN)
    return [line(ask, person) for ask in found.asks]


def _mine_first(one: Line) -> int:
    """Sort what waits for the reader before the rest; otherwise the order stays."""
    return {REPLY: 0, CONFIRM: 1}.get(one.standing.wanted, 2)


urlpatterns = [path("help", home, name="portal_home")]
