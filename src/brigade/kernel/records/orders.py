"""The orders a list can have, and the place of a row in each: what paging by key needs.

An order is a tuple of expressions that are never null, compared as one row value.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import orjson
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from brigade.kernel.refused import Invalid

URGENT = 2
"""Priorities up to this one are urgent, whatever the recipe calls them; 1 is the highest."""
NONE = 9
"""Stands in an order for no priority: a null would drop out of the page."""


class Sort(StrEnum):
    """In which order a list comes.

    `next` is what somebody should do next: urgent work, other work, what waits,
    what is solved; in each the next due first, then by priority, then the
    oldest. `due` is for open work: next due first, then by priority. `priority`
    is the highest first, then the oldest. The others are newest first.
    """

    NEXT = "next"
    DUE = "due"
    PRIORITY = "priority"
    UPDATED = "updated"
    OPENED = "opened"


class Order(NamedTuple):
    """The expressions of an order, their types, and whether it runs downwards."""

    columns: tuple[str, ...]
    casts: tuple[str, ...]
    descending: bool

    def by(self, *, backwards: bool = False) -> list[Any]:
        """Return what to order a query by."""
        each = [RawSQL(column, ()) for column in self.columns]
        return [one.desc() if self.descending != backwards else one.asc() for one in each]

    def beyond(self, place: list[Any], *, backwards: bool = False) -> RawSQL:
        """Return the condition for what comes after a place, or before it."""
        way = "<" if self.descending != backwards else ">"
        given = ", ".join(f"%s::{kind}" for kind in self.casts)
        compared = f"({', '.join(self.columns)}) {way} ({given})"
        return RawSQL(compared, place, output_field=BooleanField())


_T = "records_record"
_PRIORITY = f"coalesce({_T}.priority, {NONE})"
_TURN = (
    f"(case when {_T}.state_category = 'waiting' then 2"
    f" when {_T}.state_category not in ('new', 'active') then 3"
    f" when {_PRIORITY} <= {URGENT} then 0 else 1 end)"
)
ORDERS = {
    Sort.NEXT: Order(
        (_TURN, f"{_T}.next_due", _PRIORITY, f"{_T}.id"),
        ("integer", "timestamptz", "integer", "bigint"),
        False,
    ),
    Sort.DUE: Order(
        (f"{_T}.next_due", _PRIORITY, f"{_T}.id"), ("timestamptz", "integer", "bigint"), False
    ),
    Sort.PRIORITY: Order((_PRIORITY, f"{_T}.id"), ("integer", "bigint"), False),
    Sort.UPDATED: Order((f"{_T}.updated_at", f"{_T}.id"), ("timestamptz", "bigint"), True),
    Sort.OPENED: Order((f"{_T}.opened_at", f"{_T}.id"), ("timestamptz", "bigint"), True),
}


def turn(category: str, priority: int | None) -> int:
    """Return the part of the order `next` that a record stands in, from 0 to 3."""
    if category == "waiting":
        return 2
    if category not in ("new", "active"):
        return 3
    return 0 if (priority or NONE) <= URGENT else 1


def place_of(sort: Sort, row: Mapping[str, Any]) -> list[Any]:
    """Return where a row (its columns by name) stands in an order."""
    priority = NONE if row["priority"] is None else row["priority"]
    match sort:
        case Sort.NEXT:
            part = turn(row["state_category"], row["priority"])
            return [part, row["next_due"], priority, row["id"]]
        case Sort.DUE:
            return [row["next_due"], priority, row["id"]]
        case Sort.PRIORITY:
            return [priority, row["id"]]
        case Sort.UPDATED:
            return [row["updated_at"], row["id"]]
        case Sort.OPENED:
            return [row["opened_at"], row["id"]]


def cursor(sort: Sort, row: Mapping[str, Any]) -> str:
    """Return the place of a row as a text for an address."""
    place = orjson.dumps([sort, *place_of(sort, row)])
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def read_cursor(text: str, sort: Sort) -> list[Any]:
    """Return the place that a cursor holds; raises Invalid for one that is none of this sort."""
    try:
        padded = text + "=" * (-len(text) % 4)
        kept, *place = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if kept != sort:
            raise ValueError("a cursor of another sort")
        casts = ORDERS[sort].casts
        readers = [datetime.fromisoformat if c == "timestamptz" else _whole for c in casts]
        return [read(value) for read, value in zip(readers, place, strict=True)]
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid(
            "bad_cursor", _("This page is no longer there. Begin at the first one."), "after"
        ) from error


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise ValueError("not a key")
    return value
