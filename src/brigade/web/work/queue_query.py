"""What a queue's address asks for: a view, its filters, a sort. Everything is in the address.

A view alone means its own filters. Where the address holds any filter, its
filters are the whole truth, and the view only says which tab one came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brigade.kernel.parties.held import teams_of
from brigade.kernel.recipes.own_fields import PREFIX
from brigade.kernel.recipes.queries import running_recipes
from brigade.kernel.records.lists import ListFilter, Sort
from brigade.web.work.queue_filter import (
    DONE,
    ME,
    MINE,
    NOBODY,
    OPEN,
    OPEN_CATEGORIES,
    filter_of,
)
from brigade.web.work.queue_own import Own, own_of, sought

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import SavedView

FILTERS = (
    "category", "state", "team", "assignee", "priority", "service", "requester", "due", "clock",
    "changed", "q",
    "opened_since", "opened_before", "resolved_since", "resolved_before",
)  # fmt: skip
BOUNDS = FILTERS[-4:]
"""Filters that hold an instant, such as `2026-11-24T00:00:00Z`; figures lead here with them."""
ANY = "any"
"""The view without filters of its own: where one is after the last filter is taken off."""

Params = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class View:
    """A tab of the queue: its filters and its sort; without one it is that of the queue."""

    key: str
    label: str | Promise
    params: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: Sort | None = None


BUILT_IN = (
    View("mine", _("My work"), {"category": [OPEN], "assignee": [ME]}),
    View("unassigned", _("Unassigned"), {"category": [OPEN], "assignee": [NOBODY], "team": [MINE]}),
    View("due-soon", _("Due soon"), {"category": [OPEN], "team": [MINE], "due": ["1h"]}),
    View("waiting", _("Waiting on others"), {"category": ["waiting"], "team": [MINE]}),
    View("open", _("All open"), {"category": [OPEN]}),
    View(
        "closed",
        _("Recently closed"),
        {"category": [DONE], "changed": ["14"]},
        Sort.UPDATED,
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as asked for: the tab it belongs to, its filters, the order, where it goes on.

    `altered` tells whether the filters are no longer those of the view. `usual` is
    the order of views without one of their own, `own` the organisation's own fields.
    """

    view: View
    params: Params
    wanted: ListFilter
    sort: Sort
    after: str | None = None
    altered: bool = False
    usual: Sort = Sort.NEXT
    own: Own = field(default_factory=dict)

    @property
    def is_usual(self) -> bool:
        """Whether the order is the one that the view has by itself."""
        return self.sort is (self.view.sort or self.usual)

    @property
    def text(self) -> str:
        """The words looked for."""
        return " ".join(self.params.get("q", []))

    def query(self, **changes: Sequence[str] | str | None) -> str:
        """Return the query string of this list with parts changed; None takes a part out."""
        parts: dict[str, Sequence[str]] = {"view": [self.view.key]}
        touched = self.altered or any(is_filter(name) for name in changes)
        if touched:
            parts |= self.params
        if not self.is_usual:
            parts["sort"] = [self.sort]
        for name, value in changes.items():
            parts.pop(name, None)
            if value is not None:
                parts[name] = [value] if isinstance(value, str) else value
        if touched and not any(value for name, value in parts.items() if is_filter(name)):
            parts["view"] = [ANY]
        return urlencode(parts, doseq=True)

    def hidden(self, besides: Sequence[str]) -> list[tuple[str, list[str]]]:
        """Return what a form must send along beside its own fields.

        A field with one choice stands for a filter with one value; one with
        several values stays, and what is chosen is added.
        """
        kept = [("view", [self.view.key])]
        if not self.is_usual:
            kept.append(("sort", [str(self.sort)]))
        for name, values in self.params.items():
            if name not in besides or (name != "q" and len(values) > 1):
                kept.append((name, values))
        return kept

    def one(self, name: str) -> str:
        """Return the value of a filter that has just one, else nothing."""
        values = self.params.get(name, [])
        return values[0] if len(values) == 1 else ""

    def without(self, name: str, value: str | None = None) -> str:
        """Return the query string without a filter, or without one value of it."""
        left = [one for one in self.params.get(name, []) if value is not None and one != value]
        return self.query(**{name: left or None})


def is_filter(name: str) -> bool:
    """Tell whether a name in an address is that of a filter."""
    return name in FILTERS or name.startswith(PREFIX)


def views_for(person: Person, saved: Sequence[SavedView], own: Own) -> list[View]:
    """Return the tabs of somebody's queue: those everybody has, then the saved ones."""
    mine = bool(teams_of(person))
    shown = [view if mine else _without_team(view) for view in BUILT_IN]
    return shown + [_saved(view, own) for view in saved]


def _without_team(view: View) -> View:
    kept = {name: values for name, values in view.params.items() if name != "team"}
    return View(view.key, view.label, kept, view.sort)


def _saved(view: SavedView, own: Own) -> View:
    given = QueryDict(view.query)
    sort = _sort(given, None) if "sort" in given else None
    return View(str(view.pk), view.name, _params(given, own), sort)


def asked_for(person: Person, given: QueryDict, saved: Sequence[SavedView]) -> Asked:
    """Read an address. What it holds that is no filter, or no value of one, is left out."""
    recipes = running_recipes()
    own = own_of(recipes)
    views = {view.key: view for view in views_for(person, saved, own)}
    views[ANY] = View(ANY, _("All work"), {}, Sort.UPDATED)
    first = "mine" if teams_of(person) else "open"
    view = views.get(given.get("view", first), views[first])
    params = _params(given, own)
    altered = bool(params)
    if not altered:
        params = {name: list(values) for name, values in view.params.items()}
    usual = Sort.DUE if any(recipe.clocks for recipe in recipes) else Sort.NEXT
    wanted = filter_of(person, params, own)
    sort = _sort(given, view.sort) or usual
    if sort is Sort.DUE:
        narrowed = open_only(wanted)
        sort, wanted = (Sort.UPDATED, wanted) if narrowed is None else (sort, narrowed)
    return Asked(
        view=view,
        params=params,
        wanted=wanted,
        sort=sort,
        after=given.get("after") or None,
        altered=altered,
        usual=usual,
        own=own,
    )


def open_only(wanted: ListFilter) -> ListFilter | None:
    """Return a filter as the order by due instants takes it; None where it asks for done work.

    A clock that was missed is asked for whether or not its record is open still.
    """
    if not wanted.categories and (wanted.missed_by or wanted.missed_ended):
        return None
    if not wanted.categories:
        return replace(wanted, categories=OPEN_CATEGORIES)
    return wanted if set(wanted.categories) <= set(OPEN_CATEGORIES) else None


def _params(given: QueryDict, own: Own) -> Params:
    names = (*FILTERS, *sought(own))
    found = {name: [one.strip() for one in given.getlist(name) if one.strip()] for name in names}
    return {name: values[:20] for name, values in found.items() if values}


def _sort(given: QueryDict, usual: Sort | None) -> Sort | None:
    try:
        return Sort(str(given["sort"])) if "sort" in given else usual
    except ValueError:
        return usual
