"""Reads about services, scoped to who asks."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from brigade.kernel.parties import access as parties
from brigade.kernel.parties.held import (
    grants_of,
    organisations_above,
    organisations_below,
    teams_of,
)
from brigade.kernel.parties.models import Person
from brigade.kernel.prepared import run_prepared
from brigade.kernel.services.models import Offering, Service

USABLE = (Service.State.LIVE, Service.State.RESTRICTED, Service.State.RETIRING)


def services_visible_to(person: Person) -> QuerySet[Service]:
    """Return the services `person` may see.

    Staff and administrators: every one. A customer manager: those their
    customers use. A vendor's agent: those their teams support. Everybody: the
    usable ones whose customers include their organisation or one it is part
    of. A service without customers is open to no requester: empty means nobody.
    """
    services = Service.objects.order_by("name", "id")
    if parties.may_administer(person) or parties.is_staff(person):
        return services
    managed = [
        grant.scope_id
        for grant in grants_of(person)
        if grant.role == "customer_manager" and grant.scope_id is not None
    ]
    used = _used_by(organisations_above(person.organisation_id))
    seen = Q(pk__in=used, state__in=USABLE)
    if managed:
        seen |= Q(pk__in=_used_by(organisations_below(managed)))
    if parties.holds(person, "provider_agent"):
        seen |= Q(team_id__in=teams_of(person))
    return services.filter(seen)


def services_usable_by(person: Person) -> QuerySet[Service]:
    """Return the visible services that work can be logged against today."""
    return services_visible_to(person).filter(state__in=USABLE)


def _used_by(organisations: set[int]) -> QuerySet[Service]:
    return Service.objects.filter(customers__in=organisations).values("pk")  # type: ignore[return-value]


def services_page(
    person: Person, *, text: str = "", after: tuple[str, int] | None = None, limit: int = 50
) -> list[Service]:
    """Return a page of visible services by name; `after` is (name, id) of the last row before."""
    services = services_visible_to(person).select_related("owner", "team", "hours")
    if text.strip():
        words = text.strip()
        services = services.filter(Q(name__icontains=words) | Q(code__startswith=words.lower()))
    if after is not None:
        services = services.filter(
            RawSQL(
                "(services_service.name, services_service.id) > (%s, %s)",
                list(after),
                output_field=BooleanField(),
            )
        )
    return list(services.prefetch_related("customers")[:limit])


def offerings_visible_to(person: Person) -> QuerySet[Offering]:
    """Return the offerings of visible services; drafts only to those who see all services."""
    offerings = Offering.objects.select_related("service").order_by("service__name", "name", "id")
    if parties.may_administer(person) or parties.is_staff(person):
        return offerings
    return offerings.filter(
        service__in=services_visible_to(person).values("pk"), state=Offering.State.PUBLISHED
    )


def offerings_to_choose(person: Person, service_id: int | None) -> QuerySet[Offering]:
    """Return the published offerings of a service that work may be about; None: of any in use."""
    found = offerings_visible_to(person).filter(
        state=Offering.State.PUBLISHED, service__state__in=USABLE
    )
    return found if service_id is None else found.filter(service=service_id)


def offering_in_use(offering_id: int) -> bool:
    """Tell whether there is such an offering, published, of a service in use. Unscoped."""
    found = Offering.objects.filter(pk=offering_id, state=Offering.State.PUBLISHED)
    return found.filter(service__state__in=USABLE).exists()


def service_of_offering(offering_id: int) -> int | None:
    """Return the id of the service that an offering is of. Unscoped."""
    found = Offering.objects.filter(pk=offering_id)
    return found.values_list("service_id", flat=True).first()


def customer_may_use(service: Service, organisation_id: int | None) -> bool:
    """Return whether an organisation, or one it is part of, is a customer of the service."""
    return service.customers.filter(pk__in=organisations_above(organisation_id)).exists()


def services_owned_by(person: Person) -> list[int]:
    """Return the ids of the services that `person` is named as the owner of."""
    return list(Service.objects.filter(owner=person).order_by("id").values_list("id", flat=True))


_IN_USE = (
    "SELECT id FROM services_service WHERE id = %(service)s::bigint"
    " AND state = ANY(%(usable)s::text[])"
)
USABLE_STATES = "{" + ",".join(str(state) for state in USABLE) + "}"
"""The usable states as an array in PostgreSQL's own words."""


def service_in_use(service_id: int) -> bool:
    """Tell whether there is such a service and work can be logged against it. Unscoped."""
    asked = {"service": service_id, "usable": USABLE_STATES}
    return run_prepared(_IN_USE, asked) is not None


_FACTS = "SELECT id, code, criticality FROM services_service WHERE id = %(service)s::bigint"


def service_facts(service_id: int | None) -> dict[str, Any] | None:
    """Return what an expression of a recipe may know of a service."""
    if service_id is None:
        return None
    row = run_prepared(_FACTS, {"service": service_id})
    return dict(zip(("id", "code", "criticality"), row, strict=True)) if row else None


def service_name(service_id: int) -> str | None:
    """Return the name of a service that a role can still be limited to, or None."""
    found = Service.objects.filter(pk=service_id).exclude(state=Service.State.RETIRED)
    return found.values_list("name", flat=True).first()


def service_owner(service_id: int | None) -> int | None:
    """Return the id of the active person named as the owner of a service. Unscoped."""
    if service_id is None:
        return None
    found = Service.objects.filter(pk=service_id, owner__is_active=True)
    return found.values_list("owner_id", flat=True).first()


_HOURS = """
SELECT coalesce(
  (SELECT c.current_id FROM services_offering o JOIN calendars_calendar c ON c.id = o.hours_id
    WHERE o.id = %(offering)s::bigint),
  (SELECT c.current_id FROM services_service s JOIN calendars_calendar c ON c.id = s.hours_id
    WHERE s.id = %(service)s::bigint))
"""


def hours_of(service_id: int | None, offering_id: int | None) -> int | None:
    """Return the version of the calendar in which a service is provided, None for the standard.

    The hours of the offering go before those of the service. Unscoped.
    """
    if service_id is None and offering_id is None:
        return None
    row = run_prepared(_HOURS, {"offering": offering_id, "service": service_id})
    return None if row is None or row[0] is None else int(row[0])
