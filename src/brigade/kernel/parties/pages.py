"""Pages of teams and organisations by name, of those the reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from brigade.kernel.parties.queries import organisations_visible_to, teams_visible_to

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Organisation, Person, Team

Place = tuple[str, int]
"""Name and id of the last row of the page before."""


def teams_page(person: Person, *, after: Place | None = None, limit: int = 50) -> list[Team]:
    """Return a page of the teams `person` may see, at most `limit`, by name."""
    teams = teams_visible_to(person)
    if after is not None:
        teams = teams.filter(_beyond("parties_team", after))
    return list(teams.order_by("name", "id")[:limit])


def organisations_page(
    person: Person, *, after: Place | None = None, limit: int = 50
) -> list[Organisation]:
    """Return a page of the organisations `person` may see, at most `limit`, by name."""
    organisations = organisations_visible_to(person)
    if after is not None:
        organisations = organisations.filter(_beyond("parties_organisation", after))
    return list(organisations.order_by("name", "id")[:limit])


def _beyond(table: str, after: Place) -> RawSQL:
    return RawSQL(
        f"({table}.name, {table}.id) > (%s, %s)", list(after), output_field=BooleanField()
    )
