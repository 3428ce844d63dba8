"""The first services, which the first-run setup adds before anybody owns any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.text import slugify

from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.setting_up import needed_while_setting_up
from brigade.kernel.services.actions import ServiceFacts, apply_service_facts
from brigade.kernel.services.models import Service

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Organisation, Person, Team


def add_first_services(
    names: Iterable[str],
    *,
    by: Person,
    customer: Organisation | None = None,
    team: Team | None = None,
) -> list[Service]:
    """Add live services by name, for a customer and supported by a team; returns the new ones.

    A rule of its own: services belong to their owners and to portfolio
    management, and an administrator only reads them, but on the first day there
    is neither. So an administrator may add some until the setup is finished,
    in their own name, and never again. A name that is there already is left alone.
    """
    made: list[Service] = []
    with acting(by):
        needed_while_setting_up(by)
        for name in names:
            if name.strip() and not Service.objects.filter(name__iexact=name.strip()).exists():
                made.append(_add(name.strip(), by, customer, team))
    return made


def _add(name: str, by: Person, customer: Organisation | None, team: Team | None) -> Service:
    service = Service()
    facts = ServiceFacts(
        code=_free_code(slugify(name)[:50] or "service"), name=name, state=Service.State.LIVE,
        team=team, customers=[] if customer is None else [customer],
    )  # fmt: skip
    apply_service_facts(service, facts, by=by)
    service.save()
    service.customers.set(facts["customers"])
    return service


def _free_code(wanted: str) -> str:
    taken = set(Service.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    codes = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(code for code in codes if code not in taken)
