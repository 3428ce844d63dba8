"""The list of services, and the page that tells the whole story of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from brigade.kernel.parties.queries import (
    organisations_visible_to,
    people_visible_to,
    relations_at,
    teams_visible_to,
)
from brigade.kernel.records.lists import OPEN, Sort, counts, list_page
from brigade.kernel.refused import Hidden
from brigade.kernel.services import access
from brigade.kernel.services.queries import (
    USABLE,
    offerings_visible_to,
    services_page,
    services_visible_to,
)
from brigade.web.parties import asking
from brigade.web.parties.queue_links import open_work
from brigade.web.services.rows import work_rows
from brigade.web.shell.nav import at_desk
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.services.models import Service

CRITICALITY: dict[int, str | Promise] = {
    5: gettext_lazy("Critical"),
    4: gettext_lazy("High"),
    3: gettext_lazy("Medium"),
    2: gettext_lazy("Low"),
    1: gettext_lazy("Minor"),
}
IF_IT_STOPS: dict[int, str | Promise] = {
    5: gettext_lazy("If it stops, the business stops."),
    4: gettext_lazy("If it stops, a large part of the business cannot work."),
    3: gettext_lazy("If it stops, people are held up and work around it."),
    2: gettext_lazy("If it stops, few are held up."),
    1: gettext_lazy("If it stops, nobody notices for a while."),
}
GLYPHS = {
    "proposed": "new", "live": "closed", "restricted": "active", "retiring": "waiting",
    "retired": "cancelled",
}  # fmt: skip
"""The glyph beside a service's state: full is in operation, dashed is going."""

SHOWN = 5
"""Lines of a section; the full list is one link away."""


@login_required
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """List the services the reader may see, by name."""
    me = reader(request)
    found = services_page(
        me, text=asking.words(request), after=asking.place(request), limit=asking.SIZE + 1
    )
    rows, last = asking.cut(found)
    context = {
        "rows": rows,
        "next": asking.after(last.name, last.pk) if last else None,
        "q": asking.words(request),
        "may_add": access.may_add_service(me),
        "criticality": CRITICALITY,
        "glyphs": GLYPHS,
        "at_desk": at_desk(me),
    }
    return page(request, "services/services.jinja", context)


def visible_service(request: HttpRequest, code: str) -> Service:
    """Return a service the reader may see; raises Hidden for any other."""
    rows = services_visible_to(reader(request)).select_related("owner", "team", "hours")
    one = rows.filter(code=code).first()
    if one is None:
        raise Hidden("no_service", _("There is no such service, or it is not open to you."))
    return one


@login_required
@require_GET
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Show why a service exists, what it is offered as, who supports it, and what is open."""
    me, one = reader(request), visible_service(request, code)
    changes = access.may_change_service(me, one)
    rows = offerings_visible_to(me).filter(service=one).select_related("service", "hours")
    offerings = list(rows[: asking.MOST_OPTIONS])
    context = {
        "one": one,
        "criticality": CRITICALITY[one.criticality],
        "if_it_stops": IF_IT_STOPS[one.criticality],
        "glyph": GLYPHS[one.state],
        "owner_seen": one.owner_id in _seen(people_visible_to(me), one.owner_id),
        "customers": list(organisations_visible_to(me).filter(services_used=one)),
        "offerings": offerings,
        "may_change": changes,
        "usable": one.state in USABLE,
        **_work(me, one),
        **_support(me, one),
    }
    return page(request, "services/service.jinja", context)


def _seen(rows: Any, number: int | None) -> set[int]:
    return set(rows.filter(pk=number).values_list("pk", flat=True)) if number else set()


def _work(me: Person, one: Service) -> dict[str, Any]:
    """Return what is open about a service, of what the reader may see; the next due first."""
    wanted = replace(OPEN, services=(one.pk,))
    found = list_page(me, wanted, Sort.NEXT, limit=SHOWN)
    return {
        "open": counts(me, {"open": wanted})["open"],
        "work": work_rows(found.rows),
        "queue": open_work(me, service=one.code),
        "at_desk": at_desk(me),
    }


def _support(me: Person, one: Service) -> dict[str, Any]:
    """Return the team behind a service and its leads, as far as the reader may see them."""
    seen = one.team is not None and one.team_id in _seen(teams_visible_to(me), one.team_id)
    if not seen:
        return {"team": one.team, "team_seen": False, "leads": [], "members": 0}
    related = relations_at().filter(team=one.team, person__is_active=True)
    leads = related.filter(kind="leads").values("person_id")
    return {
        "team": one.team,
        "team_seen": True,
        "leads": list(people_visible_to(me).filter(pk__in=leads).order_by("sort_name")[:SHOWN]),
        "members": related.values("person_id").distinct().count(),
    }


urlpatterns = [
    path("services", services, name="services"),
    path("services/<slug:code>", service, name="service"),
]
