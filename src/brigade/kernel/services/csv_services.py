"""Services and offerings as CSV: in, all or nothing, and out again."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from brigade.kernel.calendars.models import Calendar
from brigade.kernel.parties import rules as words
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.importing import import_rows
from brigade.kernel.parties.models import Organisation, Person, Team
from brigade.kernel.parties.tables import (
    SEPARATOR,
    ImportReport,
    Row,
    read_table,
    several,
    write_table,
)
from brigade.kernel.refused import Invalid
from brigade.kernel.services import access, queries
from brigade.kernel.services.actions import (
    OfferingFacts,
    ServiceFacts,
    apply_offering_facts,
    apply_service_facts,
)
from brigade.kernel.services.models import Offering, Service

COLUMNS: Final = (
    "code", "name", "description", "kind", "state", "owner", "team", "criticality", "customers",
    "hours",
)  # fmt: skip
OFFERING_COLUMNS: Final = ("service", "code", "name", "description", "level", "state", "hours")


def import_services(
    data: bytes, *, by: Person, dry_run: bool = False, os_user: str = ""
) -> ImportReport:
    """Add and change services from a CSV file, matched by code; who may add any service may.

    `owner` is an address, `team` a name, `hours` a calendar's key, `customers` codes;
    they are the whole list of customers when the cell is not empty.
    """
    needed(access.may_add_service(by))
    table = read_table(data, columns=COLUMNS, required=("code", "name"), key=("code",))
    return import_rows(
        table, lambda row: _take_service(row, by), by=by, dry_run=dry_run, os_user=os_user
    )


def _take_service(row: Row, by: Person) -> str:
    found = Service.objects.filter(code=row.cells.get("code", "").lower()).first()
    service = found or Service(state=Service.State.LIVE)
    facts = _service_facts(row)
    before = (*_shown(service), _customers_of(found))
    apply_service_facts(service, facts, by=by)
    customers = sorted(customer.pk for customer in facts.get("customers", ()))
    after = (*_shown(service), customers if "customers" in facts else _customers_of(found))
    if found is not None and before == after:
        return "unchanged"
    service.version += 0 if found is None else 1
    service.save()
    if "customers" in facts:
        service.customers.set(facts["customers"])
    return "created" if found is None else "changed"


def _shown(service: Service) -> tuple[object, ...]:
    return (
        service.name, service.description, service.kind, service.state,
        service.owner_id, service.team_id, service.criticality, service.hours_id,
    )  # fmt: skip


def _customers_of(service: Service | None) -> list[int]:
    if service is None:
        return []
    return sorted(service.customers.values_list("pk", flat=True))


def _service_facts(row: Row) -> ServiceFacts:
    cells = row.cells
    facts: ServiceFacts = {"code": cells.get("code", ""), "name": cells.get("name", "")}
    if cells.get("description"):
        facts["description"] = cells["description"]
    if cells.get("kind"):
        facts["kind"] = cells["kind"]
    if cells.get("state"):
        facts["state"] = cells["state"]
    if cells.get("criticality"):
        facts["criticality"] = _whole_number(cells["criticality"])
    if cells.get("owner"):
        facts["owner"] = _owner(cells["owner"])
    if cells.get("team"):
        facts["team"] = _team(cells["team"])
    if cells.get("hours"):
        facts["hours"] = _hours(cells["hours"])
    if cells.get("customers"):
        facts["customers"] = [_customer(code) for code in several(cells["customers"])]
    return facts


def _whole_number(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 4):
        raise Invalid("criticality", _("A whole number from 1 to 5, please."), "criticality")
    return int(cell)


def _owner(address: str) -> Person:
    owner = Person.objects.filter(email=words.email(address, "owner"), is_active=True).first()
    if owner is None:
        raise Invalid("unknown", _("Nobody active has this mail address."), "owner")
    return owner


def _team(name: str) -> Team:
    team = Team.objects.filter(name__iexact=name, is_active=True).first()
    if team is None:
        raise Invalid("unknown", _("There is no team “%(name)s”.") % {"name": name}, "team")
    return team


def _hours(key: str) -> Calendar:
    found = Calendar.objects.filter(key=key.lower(), is_active=True).first()
    if found is None:
        message = _("There is no calendar with the key “%(key)s”.") % {"key": key}
        raise Invalid("unknown", message, "hours")
    return found


def _customer(code: str) -> Organisation:
    customer = Organisation.objects.filter(code__iexact=code, is_active=True).first()
    if customer is None:
        message = _("There is no organisation with the code “%(code)s”.") % {"code": code}
        raise Invalid("unknown", message, "customers")
    return customer


def import_offerings(
    data: bytes, *, by: Person, dry_run: bool = False, os_user: str = ""
) -> ImportReport:
    """Add and change offerings from a CSV file, matched by the service's code and their own."""
    needed(access.may_add_service(by))
    table = read_table(
        data,
        columns=OFFERING_COLUMNS,
        required=("service", "code", "name"),
        key=("service", "code"),
    )
    return import_rows(table, _take_offering, by=by, dry_run=dry_run, os_user=os_user)


def _take_offering(row: Row) -> str:
    cells = row.cells
    service = Service.objects.filter(code=cells.get("service", "").lower()).first()
    if service is None:
        raise Invalid("unknown", _("There is no service with this code."), "service")
    found = service.offerings.filter(code=cells.get("code", "").lower()).first()
    offering = found or Offering(service=service)
    facts: OfferingFacts = {"code": cells.get("code", ""), "name": cells.get("name", "")}
    if cells.get("description"):
        facts["description"] = cells["description"]
    if cells.get("level"):
        facts["level"] = cells["level"]
    if cells.get("state"):
        facts["state"] = cells["state"]
    if cells.get("hours"):
        facts["hours"] = _hours(cells["hours"])
    before = _offered(offering)
    apply_offering_facts(offering, facts)
    if found and before == _offered(offering):
        return "unchanged"
    offering.version += 0 if found is None else 1
    offering.save()
    return "created" if found is None else "changed"


def _offered(offering: Offering) -> tuple[object, ...]:
    return (
        offering.name, offering.description, offering.level, offering.state, offering.hours_id,
    )  # fmt: skip


def export_services(*, by: Person) -> str:
    """Return the services that `by` may see as CSV that `import_services` takes back unchanged."""
    services = queries.services_visible_to(by).select_related("owner", "team", "hours")
    return write_table(
        COLUMNS,
        (
            (
                service.code, service.name, service.description, service.kind, service.state,
                (service.owner.email or "") if service.owner else "",
                service.team.name if service.team else "", str(service.criticality),
                f" {SEPARATOR} ".join(sorted(c.code for c in service.customers.all())),
                service.hours.key if service.hours else "",
            )
            for service in services.prefetch_related("customers")
        ),
    )  # fmt: skip


def export_offerings(*, by: Person) -> str:
    """Return the offerings that `by` may see as CSV that `import_offerings` takes back."""
    return write_table(
        OFFERING_COLUMNS,
        (
            (
                offering.service.code,
                offering.code,
                offering.name,
                offering.description,
                offering.level,
                offering.state,
                offering.hours.key if offering.hours else "",
            )
            for offering in queries.offerings_visible_to(by).select_related("service", "hours")
        ),
    )
