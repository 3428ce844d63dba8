"""Unscoped look-ups by id, for verbs that authorise the whole write themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brigade.kernel.services.models import Service

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

IN_USE = ("live", "restricted", "retiring")
"""States in which somebody may still ask about a service."""


def service_in_use(service_id: int) -> Service | None:
    """Return a service that work can be about."""
    return Service.objects.filter(pk=service_id, state__in=IN_USE).first()


def services_owned_by(person: Person) -> list[int]:
    """Return the ids of the services a person owns."""
    return list(Service.objects.filter(owner_id=person.pk).values_list("id", flat=True))


def team_of_service(service_id: int | None) -> int | None:
    """Return the id of the team that supports a service, if one does."""
    if service_id is None:
        return None
    return Service.objects.filter(pk=service_id).values_list("team_id", flat=True).first()


def service_facts(service_id: int | None) -> dict[str, Any] | None:
    """Return what an expression of a recipe may know of a service."""
    if service_id is None:
        return None
    row = Service.objects.filter(pk=service_id).values("id", "code", "criticality").first()
    return dict(row) if row else None
