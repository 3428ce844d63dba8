"""My requests: what one asked for, follows, or, as a customer's manager, answers for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brigade.kernel.parties.held import holds
from brigade.kernel.records.lists import ListFilter, counts
from brigade.kernel.records.portal import asks_page
from brigade.web.portal.home import UNDER_WAY
from brigade.web.portal.words import line
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

OVER = ("closed", "cancelled")
SIZE = 25


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: `show` is open or over; `of` is mine, followed or organisation."""

    show: str
    of: str
    words: str

    @classmethod
    def from_request(cls, request: HttpRequest, choices: dict[str, str]) -> Wanted:
        """Read it, falling back to one's own open ones."""
        show, of = request.GET.get("show", ""), request.GET.get("of", "")
        return cls(
            "over" if show == "over" else "open",
            of if of in choices else "mine",
            request.GET.get("q", "").strip()[:200],
        )

    def filter(self, person: Person, show: str = "") -> ListFilter:
        """Return it as a filter; `show` looks at the other side."""
        mine = person.pk if self.of == "mine" else None
        followed = person.pk if self.of == "followed" else None
        inside = (person.organisation_id,) if self.of == "organisation" else ()
        return ListFilter(
            requester=mine,
            watched_by=followed,
            customers=tuple(one for one in inside if one is not None),
            categories=OVER if (show or self.show) == "over" else UNDER_WAY,
            text=self.words,
        )


def choices_of(person: Person) -> dict[str, str]:
    """Return whose requests a person may list, by the word in the address."""
    choices = {"mine": _("Mine"), "followed": _("Those I follow")}
    if person.organisation_id is not None and holds(person, "customer_manager"):
        choices["organisation"] = _("All of my organisation")
    return choices


@login_required
@require_GET
def my_requests(request: HttpRequest) -> HttpResponse:
    """List them, what is under way first; a page at a time."""
    person = reader(request)
    choices = choices_of(person)
    wanted = Wanted.from_request(request, choices)
    found = asks_page(
        person, wanted.filter(person), after=request.GET.get("after") or None, limit=SIZE
    )
    context = {
        "wanted": wanted,
        "choices": choices,
        "lines": [line(ask, person) for ask in found.asks],
        "next": found.next_cursor,
        "tabs": _tabs(person, wanted),
        "first": bool(request.GET.get("after")),
        "size": SIZE,
    }
    return page(request, "portal/requests.jinja", context)


def _tabs(person: Person, wanted: Wanted) -> list[dict[str, Any]]:
    sides = {"open": _("Under way"), "over": _("Over")}
    found = counts(person, {side: wanted.filter(person, side) for side in sides}, cap=99)
    return [
        {
            "side": side,
            "label": label,
            "current": wanted.show == side,
            "count": "99+" if found[side] > 99 else found[side],
        }
        for side, label in sides.items()
    ]


urlpatterns = [path("requests", my_requests, name="portal_requests")]
