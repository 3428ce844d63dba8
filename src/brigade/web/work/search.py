"""Search: a number opens its record; words find what one may read, newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET
from markupsafe import Markup, escape

from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.search import search
from brigade.web.shell.reader import reader
from brigade.web.shell.render import Frame, page
from brigade.web.work.record_context import address

if TYPE_CHECKING:
    from brigade.kernel.records.models import Record

SHOWN = 50
LONGEST = 200
_WORD = re.compile(r"[^\W_]+")

PLACES: dict[str, str | Promise] = {
    "number": lazy("in the number"),
    "title": lazy("in the title"),
    "description": lazy("in the description"),
    "journal": lazy("in what was said"),
}
PORTAL_STATES: dict[str, str | Promise] = {
    "new": lazy("Received"),
    "active": lazy("Being worked on"),
    "waiting": lazy("Waiting"),
    "resolved": lazy("Fixed"),
    "closed": lazy("Closed"),
    "cancelled": lazy("Cancelled"),
}
"""What somebody who asked for help reads instead of the states of a recipe."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found: its title with the words marked, and where they stand."""

    record: Record
    address: str
    title: Markup
    kind: str
    state: str
    where: str


@login_required
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Show what the words find; a whole number leads straight to its record."""
    person, text = reader(request), request.GET.get("q", "").strip()[:LONGEST]
    found = search(person, text, limit=SHOWN + 1) if text else []
    at_desk = Frame(request).at_desk
    if found and found[0].number == text.upper():
        return redirect(record_address(found[0].number, at_desk=at_desk))
    context: dict[str, Any] = {
        "text": text,
        "hits": [hit(record, text, at_desk=at_desk) for record in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "ask": request_address(text),
    }
    return page(request, "work/search/index.jinja", context)


def record_address(number: str, *, at_desk: bool) -> str:
    """Return where a reader looks at a record: at the desk, or among their own requests."""
    return address("record" if at_desk else "portal_request", number)


def request_address(text: str) -> str:
    """Return where one asks for help with what was typed already filled in."""
    form = address("portal_report")
    return f"{form}?{urlencode({'title': text})}" if form and text else form


def hit(record: Record, text: str, *, at_desk: bool) -> Hit:
    """Return a record as one line of what was found."""
    recipe = recipe_version(record.recipe_version_id)
    state = PORTAL_STATES[record.state_category]
    return Hit(
        record=record,
        address=record_address(record.number, at_desk=at_desk),
        title=marked(record.title, text),
        kind=record.kind,
        state=recipe.label(record.state) if at_desk else str(state),
        where=str(PLACES[_place(record, text)]),
    )


def _place(record: Record, text: str) -> str:
    words = [word.casefold() for word in _WORD.findall(text)]
    if record.number.casefold().startswith(text.casefold()):
        return "number"
    for name in ("title", "description"):
        there = [word.casefold() for word in _WORD.findall(getattr(record, name))]
        if all(any(one.startswith(word) for one in there) for word in words):
            return name
    return "journal"


def marked(title: str, text: str) -> Markup:
    """Return a title with the words that were looked for marked."""
    words = sorted({re.escape(word) for word in _WORD.findall(text)}, key=len, reverse=True)
    if not words:
        return escape(title)
    parts = re.split(rf"\b({'|'.join(words)})", title, flags=re.IGNORECASE)
    marks = (
        Markup("<mark>{}</mark>").format(one) if n % 2 else escape(one)
        for n, one in enumerate(parts)
    )
    return Markup("").join(marks)


urlpatterns = [path("search", find, name="search")]
