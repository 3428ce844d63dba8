"""The groups of a queue in its two orders: by the next thing due, and by what to do next.

A group is a stretch of the order, so it holds on every page; each is counted in
the statement that counts the tabs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from brigade.kernel.instants import NEVER
from brigade.kernel.records.lists import ListFilter, Sort
from brigade.kernel.records.orders import URGENT, turn
from brigade.web.shell.times import day_end
from brigade.web.work.queue_filter import (
    DONE_CATEGORIES,
)

Words = Sequence[str | Promise]


class Groups(Protocol):
    """How an order falls into groups."""

    def filters(self, wanted: ListFilter) -> dict[str, ListFilter]:
        """Return what to count so that every group can say how many it has, on any page."""

    def heads(self, counted: Mapping[str, int], cap: int) -> list[str]:
        """Return the head of each group with its number ("Urgent · 3")."""

    def of(self, row: Mapping[str, Any]) -> int:
        """Return the group a row stands in."""


def groups_of(sort: Sort, at: datetime) -> Groups | None:
    """Return the groups of an order at an instant; None where it has none."""
    if sort is Sort.DUE:
        return ByDue(at)
    return ByTurn() if sort is Sort.NEXT else None


class ByDue:
    """Over time, then by how soon; what has no clock running is last."""

    labels: Words = (
        lazy("Over time"), lazy("Due within the hour"), lazy("Later today"), lazy("Later"),
        lazy("No clock running"),
    )  # fmt: skip

    def __init__(self, at: datetime) -> None:
        hour = at + timedelta(hours=1)
        self.bounds = (at, hour, max(hour, day_end(at)), NEVER)

    def filters(self, wanted: ListFilter) -> dict[str, ListFilter]:
        """Count each stretch of time."""
        ends = (*self.bounds, None)
        starts = (None, *self.bounds)
        return {
            f"group:{n}": _due_within(wanted, start, end)
            for n, (start, end) in enumerate(zip(starts, ends, strict=True))
        }

    def heads(self, counted: Mapping[str, int], cap: int) -> list[str]:
        """Name each with its number."""
        return _heads(self.labels, [counted[f"group:{n}"] for n in range(5)], cap)

    def of(self, row: Mapping[str, Any]) -> int:
        """Tell it by when something is due."""
        return sum(row["next_due"] >= bound for bound in self.bounds)


def _due_within(wanted: ListFilter, start: datetime | None, end: datetime | None) -> ListFilter:
    """Narrow a filter to what is due in a stretch of time, within the bounds it has itself."""
    since = max((one for one in (wanted.due_since, start) if one is not None), default=None)
    before = min((one for one in (wanted.due_before, end) if one is not None), default=None)
    return replace(wanted, due_since=since, due_before=before)


class ByTurn:
    """Urgent work, other work, what waits, what is solved."""

    labels: Words = (lazy("Urgent"), lazy("Open"), lazy("Waiting"), lazy("Resolved or closed"))

    def filters(self, wanted: ListFilter) -> dict[str, ListFilter]:
        """Count what is worked on, the urgent of it, what waits and what is done."""
        parts: dict[str, ListFilter] = {}
        working = _within(wanted, ("new", "active"))
        if working is not None:
            urgent = set(wanted.priorities or range(1, URGENT + 1)) & set(range(1, URGENT + 1))
            parts["group:working"] = working
            if urgent:
                parts["group:0"] = replace(working, priorities=tuple(sorted(urgent)))
        for key, categories in (("group:2", ("waiting",)), ("group:3", DONE_CATEGORIES)):
            part = _within(wanted, categories)
            if part is not None:
                parts[key] = part
        return parts

    def heads(self, counted: Mapping[str, int], cap: int) -> list[str]:
        """Name each with its number."""
        urgent, working = counted.get("group:0", 0), counted.get("group:working", 0)
        plain = cap + 1 if working > cap else working - urgent
        amounts = [urgent, plain, counted.get("group:2", 0), counted.get("group:3", 0)]
        return _heads(self.labels, amounts, cap)

    def of(self, row: Mapping[str, Any]) -> int:
        """Tell it by category and priority."""
        return turn(row["state_category"], row["priority"])


def _within(wanted: ListFilter, categories: tuple[str, ...]) -> ListFilter | None:
    inside = tuple(one for one in categories if not wanted.categories or one in wanted.categories)
    return replace(wanted, categories=inside) if inside else None


def _heads(labels: Words, amounts: Sequence[int], cap: int) -> list[str]:
    return [
        _("%(group)s · %(n)s") % {"group": label, "n": capped(amount, cap)}
        for label, amount in zip(labels, amounts, strict=True)
    ]


def capped(amount: int, cap: int) -> str:
    """Return a number that is counted no further than `cap`."""
    return f"{cap}+" if amount > cap else str(amount)
