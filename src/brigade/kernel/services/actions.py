"""Adding and changing services and offerings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from brigade.kernel.calendars.models import Calendar
from brigade.kernel.parties import queries as parties
from brigade.kernel.parties import rules as words
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Organisation, Person, Team
from brigade.kernel.refused import Invalid, Stale
from brigade.kernel.services import access, rules
from brigade.kernel.services.models import Offering, Service


class ServiceFacts(TypedDict, total=False):
    """What may be said about a service; a key left out stays as it is."""

    code: str
    name: str
    description: str
    kind: str
    state: str
    owner: Person | None
    team: Team | None
    hours: Calendar | None
    criticality: int
    customers: Iterable[Organisation]


class OfferingFacts(TypedDict, total=False):
    """What may be said about an offering; a key left out stays as it is."""

    code: str
    name: str
    description: str
    level: str
    state: str
    hours: Calendar | None


def add_service(*, by: Person, os_user: str = "", **facts: Unpack[ServiceFacts]) -> Service:
    """Add a service; `code` and `name` are needed, everything else can wait."""
    needed(access.may_add_service(by))
    given = ServiceFacts(**{"code": "", "name": "", **facts})
    service = Service()
    with acting(by, os_user=os_user):
        apply_service_facts(service, given, by=by)
        service.save()
        if "customers" in given:
            service.customers.set(given["customers"])
    return service


def change_service(
    service: Service,
    *,
    by: Person,
    version: int | None = None,
    os_user: str = "",
    **facts: Unpack[ServiceFacts],
) -> Service:
    """Change a service, and return the fresh row.

    `version` is the one that was read; a newer one is `Stale`. Owner,
    criticality and code are not for the owner of this service alone.
    """
    with acting(by, os_user=os_user):
        fresh = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        needed(access.may_change_service(by, fresh))
        if {"owner", "criticality", "code"} & facts.keys():
            needed(access.may_decide_ownership(by))
        _check_version(fresh.version, version)
        apply_service_facts(fresh, facts, by=by)
        fresh.version += 1
        fresh.save()
        if "customers" in facts:
            fresh.customers.set(facts["customers"])
    return fresh


def apply_service_facts(service: Service, facts: ServiceFacts, *, by: Person) -> None:
    """Set the facts given on the object, each checked; customers are checked, not set."""
    if "code" in facts:
        service.code = rules.slug(facts["code"])
        if Service.objects.filter(code=service.code).exclude(pk=service.pk).exists():
            raise Invalid("code_taken", _("Another service has this code."), "code")
    if "name" in facts:
        service.name = words.text(facts["name"], "name")
    if "description" in facts:
        service.description = words.paragraph(facts["description"], "description")
    if "kind" in facts:
        service.kind = words.one_of(facts["kind"], Service.Kind.values, "kind")
    if "state" in facts:
        service.state = words.one_of(facts["state"], Service.State.values, "state")
    if "criticality" in facts:
        service.criticality = rules.criticality(facts["criticality"])
    _apply_references(service, facts, by=by)


def _apply_references(service: Service, facts: ServiceFacts, *, by: Person) -> None:
    """Set owner and team and check customers: each must be seen by `by`, and active if new."""
    if "owner" in facts:
        owner = facts["owner"]
        seen = owner is None or parties.people_visible_to(by).filter(pk=owner.pk).exists()
        gone = owner is not None and not owner.is_active and owner.pk != service.owner_id
        _check_reference(seen, gone, "owner")
        service.owner = owner
    if "team" in facts:
        team = facts["team"]
        seen = team is None or parties.teams_visible_to(by).filter(pk=team.pk).exists()
        gone = team is not None and not team.is_active and team.pk != service.team_id
        _check_reference(seen, gone, "team")
        service.team = team
    if "hours" in facts:
        service.hours = _hours(facts["hours"], service.hours_id)
    if "customers" in facts:
        wanted = {customer.pk: customer for customer in facts["customers"]}
        facts["customers"] = list(wanted.values())
        visible = parties.organisations_visible_to(by).filter(pk__in=wanted).count()
        buys = all(c.kind in ("customer", "internal_provider") for c in wanted.values())
        _check_reference(visible == len(wanted) and buys, False, "customers")


def _hours(hours: Calendar | None, present: int | None) -> Calendar | None:
    """Return the calendar chosen; one out of use may only stay where it is.

    Who may change a service chooses among all calendars, also those who may not
    open their pages.
    """
    gone = hours is not None and not hours.is_active and hours.pk != present
    _check_reference(True, gone, "hours")
    return hours


def _check_reference(seen: bool, gone: bool, field: str) -> None:
    if not seen:
        raise Invalid("unknown", _("There is no such thing to choose here."), field)
    if gone:
        raise Invalid("inactive", _("This is no longer active."), field)


def add_offering(
    service: Service, *, by: Person, os_user: str = "", **facts: Unpack[OfferingFacts]
) -> Offering:
    """Add an offering to a service as a draft; `code` and `name` are needed."""
    needed(access.may_change_service(by, service))
    offering = Offering(service=service)
    with acting(by, os_user=os_user):
        apply_offering_facts(offering, OfferingFacts(**{"code": "", "name": "", **facts}))
        offering.save()
    return offering


def change_offering(
    offering: Offering,
    *,
    by: Person,
    version: int | None = None,
    os_user: str = "",
    **facts: Unpack[OfferingFacts],
) -> Offering:
    """Change an offering, and return the fresh row; it never moves to another service."""
    with acting(by, os_user=os_user):
        fresh = (
            Offering.objects.select_for_update(of=("self",))
            .select_related("service")
            .get(pk=offering.pk)
        )
        needed(access.may_change_service(by, fresh.service))
        _check_version(fresh.version, version)
        apply_offering_facts(fresh, facts)
        fresh.version += 1
        fresh.save()
    return fresh


def apply_offering_facts(offering: Offering, facts: OfferingFacts) -> None:
    """Set the facts given on the object, each checked; nothing is saved."""
    if "code" in facts:
        offering.code = rules.slug(facts["code"])
        others = Offering.objects.filter(service_id=offering.service_id, code=offering.code)
        if others.exclude(pk=offering.pk).exists():
            raise Invalid("code_taken", _("Another offering has this code."), "code")
    if "name" in facts:
        offering.name = words.text(facts["name"], "name")
    if "description" in facts:
        offering.description = words.paragraph(facts["description"], "description")
    if "level" in facts:
        offering.level = words.text(facts["level"], "level", longest=60, required=False)
    if "state" in facts:
        offering.state = words.one_of(facts["state"], Offering.State.values, "state")
    if "hours" in facts:
        offering.hours = _hours(facts["hours"], offering.hours_id)


def _check_version(present: int, read: int | None) -> None:
    if read is not None and read != present:
        raise Stale("stale", _("Somebody has changed this since you opened it."))
