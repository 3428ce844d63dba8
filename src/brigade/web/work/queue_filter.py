"""What the values of a queue's filters mean to a reader: the kernel's own filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from brigade.kernel import instants
from brigade.kernel.parties.held import teams_of
from brigade.kernel.records.lists import ListFilter
from brigade.kernel.services.queries import services_visible_to
from brigade.web.shell.times import day_end
from brigade.web.work.queue_own import Own, own_filters

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

OPEN, DONE = "open", "done"
ME, NOBODY, MINE = "me", "none", "mine"
OVER, TODAY = "over", "today"
OFF_MATRIX = "off"
"""Asked of the priority: only records whose matrix gives another one."""
DUE_HOURS = {"1h": 1, "4h": 4}
"""What a filter by the next thing due may say, beside over time and today: within so many hours."""
OPEN_CATEGORIES = ("new", "active", "waiting")
DONE_CATEGORIES = ("resolved", "closed", "cancelled")
_MEANT = {OPEN: OPEN_CATEGORIES, DONE: DONE_CATEGORIES}
NO_TEAM = 0
"""An id no team has: the teams of somebody who is in none."""
MISSED, ENDED = "missed", "ended"
"""Asked of the clocks: any that used up more than was promised, or only those that stopped so."""


def filter_of(
    person: Person, params: Mapping[str, Sequence[str]], own: Own | None = None
) -> ListFilter:
    """Return the filter of the kernel that these parameters mean for a reader.

    `own` are the organisation's own fields, for who lets a reader filter by them.
    """
    assignee = next(iter(params.get("assignee", ())), "")
    codes = list(params.get("service", ()))
    services: tuple[int, ...] = ()
    if codes:
        found = services_visible_to(person).filter(code__in=codes).values_list("pk", flat=True)
        services = tuple(found) or (NO_TEAM,)
    days = next(iter(whole(params.get("changed", ()))), None)
    return ListFilter(
        categories=categories_of(params),
        states=tuple(params.get("state", ())),
        teams=_teams(person, params.get("team", ())),
        assignee=None if assignee == NOBODY else _person(person, assignee),
        unassigned=assignee == NOBODY,
        priorities=tuple(whole(params.get("priority", ()))),
        off_matrix=True if OFF_MATRIX in params.get("priority", ()) else None,
        services=services,
        requester=_person(person, next(iter(params.get("requester", ())), "")),
        updated_since=instants.now() - timedelta(days=min(days, 3650)) if days else None,
        text=" ".join(params.get("q", ()))[:200],
        opened_since=_bound(params, "opened_since"),
        opened_before=_bound(params, "opened_before"),
        resolved_since=_bound(params, "resolved_since"),
        resolved_before=_bound(params, "resolved_before"),
        due_before=due_before(next(iter(params.get("due", ())), "")),
        missed_by=instants.now() if MISSED in params.get("clock", ()) else None,
        missed_ended=ENDED in params.get("clock", ()),
        own=own_filters(params, own or {}),
    )


def due_before(given: str) -> datetime | None:
    """Return until when a filter by the next thing due means: what is over time is within."""
    now = instants.now()
    if given in DUE_HOURS:
        return now + timedelta(hours=DUE_HOURS[given])
    return {OVER: now, TODAY: day_end(now)}.get(given)


def categories_of(params: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the categories meant, with the word for all that is open taken apart."""
    found: dict[str, None] = {}
    for one in params.get("category", ()):
        for category in _MEANT.get(one, (one,)):
            if category in (*OPEN_CATEGORIES, *DONE_CATEGORIES):
                found[category] = None
    return tuple(found)


def _teams(person: Person, given: Sequence[str]) -> tuple[int, ...]:
    found = set(whole(given))
    if MINE in given:
        found |= set(teams_of(person)) or {NO_TEAM}
    return tuple(sorted(found))


def _person(reader: Person, given: str) -> int | None:
    if given == ME:
        return reader.pk
    return next(iter(whole([given])), None)


def _bound(params: Mapping[str, Sequence[str]], name: str) -> datetime | None:
    return instant(next(iter(params.get(name, ())), ""))


def instant(given: str) -> datetime | None:
    """Return the instant that a filter holds; one without a zone is UTC, what is none is None."""
    try:
        found = datetime.fromisoformat(given)
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return aware if 1900 < aware.year < 9000 else None
    except ValueError:
        return None


def whole(given: Sequence[str]) -> list[int]:
    """Return those of the values that are ids or small numbers."""
    return [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 19]
