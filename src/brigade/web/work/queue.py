"""The queue: what is to do, in views, filtered, sorted and paged; all of it in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brigade.kernel import instants
from brigade.kernel.parties.held import holds, teams_of
from brigade.kernel.parties.queries import teams_visible_to
from brigade.kernel.records.lists import counts, list_page
from brigade.kernel.refused import Hidden
from brigade.kernel.services.queries import services_visible_to
from brigade.kernel.work.bulk import MOST
from brigade.kernel.work.columns import columns_of
from brigade.kernel.work.viewing import views_of
from brigade.web.shell.reader import reader
from brigade.web.shell.render import Frame, page
from brigade.web.work.pickers import person_named
from brigade.web.work.queue_filter import (
    OFF_MATRIX,
    filter_of,
)
from brigade.web.work.queue_groups import Groups, capped, groups_of
from brigade.web.work.queue_own import own_questions, sought
from brigade.web.work.queue_query import (
    FILTERS,
    Asked,
    View,
    asked_for,
    views_for,
)
from brigade.web.work.queue_rows import (
    SORTS,
    columns_for,
    every_column,
    own_shown,
    rows_for,
)
from brigade.web.work.queue_words import CATEGORIES, CLOCKS, DUE, pills, priorities, typed

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import SavedView

SIZE = 50
CAP = 999
"""Numbers on tabs and groups go no further."""
OFFERED = 100
"""Teams and services that a list to choose from offers; the others are found by typing."""


def require_desk(request: HttpRequest) -> Person:
    """Return the reader who works here; to everybody else these pages are not there."""
    if not Frame(request).at_desk:
        raise Hidden("no_such_page", _("There is no such page, or it is not open to you."))
    return reader(request)


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show a view of the queue; what was typed or chosen first becomes an address."""
    person = require_desk(request)
    saved = list(views_of(person))
    asked = asked_for(person, request.GET, saved)
    if "find" in request.GET or "set" in request.GET:
        return redirect(f"{reverse('queue')}?{_chosen(person, request.GET, asked)}")
    context = gathered(person, asked, saved) | {
        "report": request.session.pop("bulk_report", None),
    }
    return page(request, "work/queue/index.jinja", context)


def _chosen(person: Person, given: QueryDict, asked: Asked) -> str:
    """Return the address that the filter box and the filter menu ask for.

    The box says all the words there are; what else it names is added. A field of
    the menu that was sent empty takes its filter off.
    """
    own = sought(asked.own)
    sent = [one for one in (*FILTERS, *own) if one in given and not any(given.getlist(one))]
    changes: dict[str, Any] = dict.fromkeys(sent)
    people = [name for name in own if asked.own[name].field.type == "party"]
    for name in ("assignee", "requester", *people):
        picked, written = given.getlist(name)[-1:], given.get(f"{name}_text", "").strip()
        found = None if picked != [""] else person_named(person, "", written)
        chosen = [str(found.pk)] if found else [one for one in picked if one]
        if chosen:
            changes[name] = chosen
    if "find" in given:
        changes |= {"q": None, **typed(person, given.get("find", ""))}
    return asked.query(**changes)


def gathered(person: Person, asked: Asked, saved: Sequence[SavedView]) -> dict[str, Any]:
    """Return what the page shows of a list, with as many statements for ten rows as for fifty."""
    found = list_page(person, asked.wanted, asked.sort, asked.after, SIZE)
    now = instants.now()
    groups = groups_of(asked.sort, now)
    teams = dict(teams_visible_to(person).filter(is_active=True).values_list("pk", "name"))
    views = views_for(person, saved, asked.own)
    counted = _counted(person, asked, views, groups)
    columns = columns_for(asked.view.key, columns_of(person, asked.view.key), asked.own)
    labels = every_column(asked.own)
    total = counted["this"]
    return {
        "asked": asked,
        "heading": _heading(person, teams),
        "tabs": _tabs(asked, views, counted),
        "pills": pills(person, asked, teams),
        "rows": rows_for(person, found.rows, asked.query(), own_shown(columns, asked.own)),
        "groups": groups.heads(counted, CAP) if groups else None,
        "group_of": groups.of if groups else None,
        "columns": [(name, labels[name]) for name in columns],
        "every_column": [(name, label, name in columns) for name, label in labels.items()],
        "sorts": SORTS | {"next": asked.usual},
        "total": total,
        "total_words": capped(total, CAP),
        "every": total if len(found.rows) < total <= MOST else 0,
        "next": f"?{asked.query(after=found.next_cursor)}" if found.next_cursor else None,
        "first": f"?{asked.query()}" if asked.after else None,
        "now": now,
        "may_open": holds(person, "agent") or holds(person, "team_lead"),
        "choices": _choices(person, teams),
        "own": own_questions(asked.own, person, asked.params),
    }


def _heading(person: Person, teams: dict[int, str]) -> str:
    """Return the name of the page: that of one's team, for whoever is in just one."""
    mine = [teams[one] for one in teams_of(person) if one in teams]
    return _("%(team)s queue") % {"team": mine[0]} if len(mine) == 1 else _("Queue")


def _counted(
    person: Person, asked: Asked, views: Sequence[View], groups: Groups | None
) -> dict[str, int]:
    """Return every number of the page, in one statement."""
    filters = {view.key: filter_of(person, view.params, asked.own) for view in views}
    filters["this"] = asked.wanted
    if groups is not None:
        filters |= groups.filters(asked.wanted)
    return counts(person, filters, CAP)


def _tabs(asked: Asked, views: Sequence[View], counted: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": view.label,
            "href": f"?view={view.key}",
            "current": view.key == asked.view.key,
            "count": capped(counted[view.key], CAP),
        }
        for view in views
    ]


def _choices(person: Person, teams: dict[int, str]) -> dict[str, list[tuple[Any, Any]]]:
    """Return what the filter menu and the bulk bar let one choose from."""
    services = services_visible_to(person).values_list("code", "name")[:OFFERED]
    return {
        "category": list(CATEGORIES.items()),
        "team": sorted(teams.items(), key=lambda each: each[1].casefold())[:OFFERED],
        "priority": [*priorities(), (OFF_MATRIX, _("Not what the matrix gives"))],
        "service": list(services),
        "due": list(DUE.items()),
        "clock": list(CLOCKS.items()),
    }


urlpatterns = [path("queue", queue, name="queue")]
