"""Taking the example organisation out again, and leaving alone what is real by now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from brigade.integrations.meridian import writes
from brigade.integrations.meridian.building import DOMAIN
from brigade.integrations.meridian.loading import is_loaded
from brigade.integrations.meridian.playing import SOURCE
from brigade.integrations.meridian.promising import CALENDAR, take_back
from brigade.integrations.meridian.promising import SOURCE as PROMISED
from brigade.integrations.meridian.staffing import CUSTOMERS, PROVIDERS, SERVICES, TEAMS
from brigade.kernel.calendars.models import Calendar
from brigade.kernel.clocks.models import Target
from brigade.kernel.instants import now
from brigade.kernel.parties.access import may_administer, needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions import disable_person
from brigade.kernel.parties.models import (
    ApiToken,
    Installation,
    Organisation,
    Person,
    Relation,
    RoleGrant,
    Team,
)
from brigade.kernel.refused import Refused
from brigade.kernel.services.models import Offering, Service

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, and how many rows stayed because real work names them by now."""

    records: int
    kept: int


def remove(*, by: Person) -> Removed:
    """Take the example organisation out, in one transaction.

    Its records go with their journals, which the journal allows for example
    records alone. A person, team or service that real work names stays; such a
    person is disabled. The configuration's journal keeps that all of it was here.
    """
    needed(may_administer(by))
    if not is_loaded():
        raise Refused("no_example", _("There is no example data here."))
    with acting(by):
        records = writes.delete_records(SOURCE)
        take_back(by)
        kept = _promises()
        people = Person.objects.filter(email__endswith=f".{DOMAIN}")
        Installation.objects.update(example_data=False, default_team=_own_default_team())
        services = Service.objects.filter(code__in=SERVICES)
        kept += _let_go(Offering.objects.filter(service__in=services))
        kept += _let_go(services)
        Relation.objects.filter(Q(person__in=people) | Q(other__in=people)).delete()
        RoleGrant.objects.filter(person__in=people).delete()
        ApiToken.objects.filter(person__in=people).delete()
        kept += _let_go(Team.objects.filter(name__in=[name for name, _count in TEAMS.values()]))
        for person in _staying(list(people)):
            disable_person(person, by=by)
            kept += 1
        kept += _let_go(Organisation.objects.filter(code__in=[*CUSTOMERS, *PROVIDERS]))
    return Removed(records, kept)


def _promises() -> int:
    """Let the targets go; one that a clock of real work holds to stays, but ended.

    The hours of a calendar are never deleted: it is only put out of use.
    """
    targets = Target.objects.filter(source=PROMISED)
    targets.filter(valid_to__isnull=True).update(valid_to=now())
    Calendar.objects.filter(key=CALENDAR).update(is_active=False)
    return _let_go(targets)


def _own_default_team() -> Any:
    row = Installation.objects.select_related("default_team").filter(pk=1).first()
    team = row.default_team if row else None
    names = [name for name, _count in TEAMS.values()]
    return None if team is None or team.name in names else team


def _staying(people: list[Person]) -> list[Person]:
    """Delete people, halves at a time, and return those whom something names: few, if any."""
    try:
        with transaction.atomic():
            Person.objects.filter(pk__in=[person.pk for person in people]).delete()
    except (ProtectedError, IntegrityError):
        if len(people) == 1:
            return people
        half = len(people) // 2
        return _staying(people[:half]) + _staying(people[half:])
    return []


def _let_go(rows: QuerySet[Any]) -> int:
    return sum(not _gone(row) for row in _each(rows))


def _each(rows: QuerySet[Any]) -> Iterable[Model]:
    return list(rows)


def _gone(row: Model) -> bool:
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, IntegrityError):
        return False
    return True
