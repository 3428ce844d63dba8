"""Single facts by id for the rooms above. Unscoped: who asks has been checked there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from brigade.kernel import instants
from brigade.kernel.parties.models import (
    Installation,
    Organisation,
    Person,
    Relation,
    RoleGrant,
    Team,
)
from brigade.kernel.parties.writes import leaders_at, works_here


def installation() -> Installation:
    """Return the installation's row, or its defaults while nobody has answered the setup."""
    found = Installation.objects.select_related("default_team").filter(pk=1).first()
    return found or Installation(pk=1)


def person_of(person_id: int | None) -> Person | None:
    """Return the person with this id, active or not."""
    return None if person_id is None else Person.objects.filter(pk=person_id).first()


def active_person(person_id: int) -> Person | None:
    """Return the person with this id if work can still be given to or asked by them."""
    return Person.objects.filter(pk=person_id, is_active=True, is_system=False).first()


def is_active_person(person_id: int) -> bool:
    """Tell the same without reading the person: it is asked at every write that names one."""
    return works_here(person_id)


def active_team(team_id: int) -> Team | None:
    """Return the team with this id if it still takes work."""
    return Team.objects.filter(pk=team_id, is_active=True).first()


def active_organisation(organisation_id: int) -> Organisation | None:
    """Return the organisation with this id if it is still active."""
    return Organisation.objects.filter(pk=organisation_id, is_active=True).first()


def relations_at(at: datetime | RawSQL | None = None) -> QuerySet[Relation]:
    """Return the relations in force at `at` (default now), or where a statement has a hole."""
    instant = at or instants.now()
    return Relation.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=instant), valid_from__lte=instant
    )


def is_member(person_id: int, team_id: int, at: datetime | None = None) -> bool:
    """Return whether the person works in or leads the team at `at` (default now)."""
    return relations_at(at).filter(person_id=person_id, team_id=team_id).exists()


def leaders_of(team_id: int, at: datetime | None = None) -> list[int]:
    """Return the ids of the active people who lead the team at `at` (default now)."""
    return leaders_at(team_id, at or instants.now())


def members_of(team_id: int, at: datetime) -> list[int]:
    """Return the ids of the active people who work in the team at `at`."""
    rows = relations_at(at).filter(team_id=team_id, kind="member_of", person__is_active=True)
    return sorted(set(rows.values_list("person_id", flat=True)))


def holders_of(role: str, scopes: Mapping[str, int | None], at: datetime) -> list[int]:
    """Return the ids of the active people who hold a role in one of the scopes at `at`.

    `scopes` maps a type of scope to a row of it. Where nobody holds the role so
    narrowly, those who hold it for everything are meant.
    """
    rows = RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at),
        role=role,
        state=RoleGrant.State.GRANTED,
        valid_from__lte=at,
        person__is_active=True,
    )
    narrow = Q(pk__in=())
    for kind, row in scopes.items():
        if row is not None:
            narrow |= Q(scope_type=kind, scope_id=row)
    found = set(rows.filter(narrow).values_list("person_id", flat=True))
    everywhere = rows.filter(scope_type=RoleGrant.ScopeType.ALL)
    return sorted(found or set(everywhere.values_list("person_id", flat=True)))


def deputies_of(person: Person, at: datetime | None = None) -> list[Person]:
    """Return who stands in for `person` at `at` (default now), by name."""
    return _people(relations_at(at).filter(kind=Relation.Kind.DEPUTISES, other=person), "person")


def principals_of(person: Person, at: datetime | None = None) -> list[Person]:
    """Return for whom `person` stands in at `at` (default now), by name."""
    return _people(relations_at(at).filter(kind=Relation.Kind.DEPUTISES, person=person), "other")


def manager_of(person: Person, at: datetime | None = None) -> Person | None:
    """Return who manages `person` at `at` (default now)."""
    managers = relations_at(at).filter(kind=Relation.Kind.MANAGES, other=person)
    return next(iter(_people(managers, "person")), None)


def _people(relations: QuerySet[Relation], end: str) -> list[Person]:
    return list(
        Person.objects.filter(pk__in=relations.values(end), is_active=True).order_by("sort_name")
    )
