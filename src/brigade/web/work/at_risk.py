"""What will be late, team by team: for whoever answers for what was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from brigade.kernel import instants
from brigade.kernel.parties.held import teams_led_by
from brigade.kernel.parties.queries import teams_visible_to
from brigade.kernel.records.lists import LIMIT, OPEN, ListFilter, Sort, counts, list_page
from brigade.kernel.records.row_marks import last_answers
from brigade.web.shell.render import page
from brigade.web.shell.times import day_end, short
from brigade.web.work.queue import CAP, require_desk
from brigade.web.work.queue_filter import (
    TODAY,
    whole,
)
from brigade.web.work.queue_groups import capped
from brigade.web.work.queue_rows import Row, rows_for

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

LABELS: Sequence[str | Promise] = (
    lazy("Over time"), lazy("Due within the hour"), lazy("Due within 4 hours"), lazy("Later today"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """The records of one team that are due in one stretch of time."""

    label: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Team:
    """One team with what is over or will be due today; `queue` lists it in the queue."""

    name: str
    queue: str
    parts: list[Part]


@login_required
@require_GET
def at_risk(request: HttpRequest) -> HttpResponse:
    """Show what is over time and what is due today, for the teams one leads or may see."""
    person, now = require_desk(request), instants.now()
    teams = dict(teams_visible_to(person).filter(is_active=True).values_list("pk", "name"))
    led = [one for one in teams_led_by(person) if one in teams]
    asked = [one for one in whole(request.GET.getlist("team")) if one in teams]
    everybody = request.GET.get("team") == "all" or not (asked or led)
    chosen = () if everybody else tuple(asked or led)
    wanted = _due_until(chosen, max(day_end(now), now + timedelta(hours=4)))
    found = list_page(person, wanted, Sort.DUE, limit=LIMIT)
    rows = rows_for(person, found.rows, urlencode(_address(chosen), doseq=True))
    context = {
        "teams": _by_team(rows, now),
        "finding": _finding(person, chosen, now),
        "answers": last_answers([row.values["id"] for row in rows]),
        "more": found.next_cursor is not None,
        "queue": f"{reverse('queue')}?{urlencode(_address(chosen), doseq=True)}",
        "tabs": _tabs(led, teams, chosen),
    }
    return page(request, "work/queue/at_risk.jinja", context)


def _due_until(teams: tuple[int, ...], end: datetime) -> ListFilter:
    return ListFilter(categories=OPEN.categories, teams=teams, due_before=end)


def _address(teams: Sequence[int]) -> dict[str, Any]:
    """Return what the queue's address says for what is due today."""
    asked: dict[str, Any] = {"view": "open", "category": "open", "due": TODAY, "sort": "due"}
    return asked | ({"team": list(teams)} if teams else {})


def _tabs(
    led: Sequence[int], teams: Mapping[int, str], chosen: tuple[int, ...]
) -> list[dict[str, Any]]:
    """Return what one may choose: the teams one leads, each alone, and all one may see."""
    tabs = [{"label": _("All teams"), "href": "?team=all", "current": not chosen}]
    if len(led) > 1:
        mine = chosen == tuple(led)
        tabs.insert(0, {"label": _("My teams"), "href": "?", "current": mine})
    for team in led or sorted(teams, key=lambda one: teams[one].casefold())[:8]:
        here = chosen == (team,)
        tabs.append({"label": teams[team], "href": f"?team={team}", "current": here})
    return tabs


def _by_team(rows: Sequence[Row], now: datetime) -> list[Team]:
    """Return the teams, the one with the most pressing record first."""
    bounds = (now, now + timedelta(hours=1), now + timedelta(hours=4))
    by_team: dict[int | None, dict[int, list[Row]]] = {}
    for row in rows:
        place = sum(row.values["next_due"] >= bound for bound in bounds)
        parts = by_team.setdefault(row.values["team_id"], {})
        parts.setdefault(place, []).append(row)
    return [_team(team, parts) for team, parts in by_team.items()]


def _team(team: int | None, parts: Mapping[int, list[Row]]) -> Team:
    first = next(iter(parts.values()))[0]
    return Team(
        name=first.values["team__name"] or _("No team"),
        queue=f"{reverse('queue')}?{urlencode(_address([team] if team else []), doseq=True)}",
        parts=[
            Part(_("%(group)s · %(n)s") % {"group": LABELS[place], "n": len(rows)}, rows)
            for place, rows in parts.items()
        ],
    )


def _finding(person: Person, teams: tuple[int, ...], now: datetime) -> str:
    """Return in a sentence how things stand; every number is one of the list's own."""
    found = counts(
        person,
        {"over": _due_until(teams, now), "today": _due_until(teams, day_end(now))},
        CAP,
    )
    over, more = found["over"], found["today"] - found["over"]
    if over:
        words = {"n": capped(over, CAP), "more": capped(more, CAP)}
        return (
            ngettext(
                "%(n)s record is over time; %(more)s more are due today.",
                "%(n)s records are over time; %(more)s more are due today.",
                over,
            )
            % words
        )
    later = ListFilter(
        categories=OPEN.categories, teams=teams, due_since=now, due_before=instants.NEVER
    )
    following = list_page(person, later, Sort.DUE, limit=1).rows
    if not following:
        return _("Nothing is over time, and no clock is running.")
    words = {"number": following[0]["number"], "when": short(following[0]["next_due"])}
    return _("Nothing is over time. Next due is %(number)s: %(when)s.") % words


urlpatterns = [path("queue/at-risk", at_risk, name="at_risk")]
