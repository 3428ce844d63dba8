"""Where somebody may open a record of a kind: everywhere, or only as far as their roles reach.

A role in a scope opens what belongs to that scope. A record that names none of what it
could belong to lies in no scope, so whoever holds nothing wider has to say in which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.parties.scopes import check_scope
from brigade.kernel.records.access import SCOPE_COLUMNS, Standing, rules_of
from brigade.kernel.refused import Invalid

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

Scope = tuple[str, int]
"""A type of scope and the row of it: ("service", 12)."""


@dataclass(frozen=True, slots=True)
class Places:
    """How far one may open records of a kind; `scopes` beside `everywhere` are narrower wishes."""

    everywhere: bool
    scopes: tuple[Scope, ...]


def places_to_open(kind: str, standing: Standing) -> Places:
    """Return how far a standing may open records of a kind, in the order of its grants."""
    rules = rules_of(kind)
    grants = [grant for grant in standing.grants if "create" in rules.get(grant.role, {})]
    scopes = [(one.scope_type, one.scope_id) for one in grants if one.scope_id is not None]
    return Places(any(one.scope_id is None for one in grants), tuple(dict.fromkeys(scopes)))


def place_to_open(kind: str, by: Person, asked: Scope | None) -> Scope | None:
    """Return in which scope a record is opened: the one asked for, else the only one there is.

    None is in none, for whoever may open it everywhere. Invalid where one has to be named,
    or what is named is nothing. Whether `by` may open it there is asked as it is opened.
    """
    if asked is not None:
        check_scope(*asked)
        return asked
    places = places_to_open(kind, Standing.of(by))
    if places.everywhere or not places.scopes:
        return None
    if len(places.scopes) > 1:
        raise Invalid(
            "which_scope", _("Your roles reach several things. Say which of them it is about."),
            "scope",
        )  # fmt: skip
    return places.scopes[0]


def columns_in(scope: Scope | None) -> dict[str, int]:
    """Return the field by which a record lies in a scope, with its value; nothing for none."""
    return {} if scope is None else {SCOPE_COLUMNS[scope[0]].removesuffix("_id"): scope[1]}


def scopes_of(record: Record) -> dict[str, int | None]:
    """Return the scopes that a record lies in, as `holders_of` asks for them."""
    return {scope: getattr(record, column) for scope, column in SCOPE_COLUMNS.items()}
