"""The people and services every test knows: the organisation *Meridian*.

`meridian()` builds them through the product's own verbs; the fixture `cast`
hands them to a test. One person for each of the thirteen roles, two
administrators, two teams, three customers, four vendors, eight services.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from brigade.kernel.parties import actions
from brigade.kernel.parties.models import Organisation, Person, RoleGrant, Team
from brigade.kernel.services import actions as service_actions
from brigade.kernel.services.models import Offering, Service
from tests.kept import once


@dataclass(frozen=True)
class Cast:
    """Everybody and everything by name; `by_role` has one person for each of the 13 roles."""

    operator: Person
    meridian: Organisation
    finance: Organisation
    sales: Organisation
    warehouse: Organisation
    alpha: Organisation
    beta: Organisation
    gamma: Organisation
    delta: Organisation
    service_desk: Team
    network_operations: Team
    ada: Person  # administrator
    amos: Person  # second administrator
    lena: Person  # leads the service desk
    sam: Person  # agent, service desk
    nora: Person  # agent, service desk
    tom: Person  # agent, network operations
    eve: Person  # employee of Finance
    sid: Person  # employee of Sales
    audrey: Person  # auditor
    olga: Person  # owns ERP Finance
    petra: Person  # process owner
    chris: Person  # change manager
    vera: Person  # vendor manager
    paul: Person  # portfolio manager
    fred: Person  # finance
    bert: Person  # agent of the vendor Beta Networks
    carl: Person  # customer manager of Finance
    services: dict[str, Service]
    erp_gold: Offering

    @property
    def erp(self) -> Service:
        return self.services["erp-finance"]

    @property
    def by_role(self) -> dict[str, Person]:
        return {
            "requester": self.eve,
            "agent": self.sam,
            "team_lead": self.lena,
            "process_owner": self.petra,
            "service_owner": self.olga,
            "change_manager": self.chris,
            "vendor_manager": self.vera,
            "portfolio_manager": self.paul,
            "finance": self.fred,
            "auditor": self.audrey,
            "admin": self.ada,
            "provider_agent": self.bert,
            "customer_manager": self.carl,
        }


PEOPLE = {
    "ada": ("Ada Admin", "meridian"),
    "amos": ("Amos Admin", "meridian"),
    "lena": ("Lena Lead", "meridian"),
    "sam": ("Sam Desk", "meridian"),
    "nora": ("Nora Desk", "meridian"),
    "tom": ("Tom Network", "meridian"),
    "eve": ("Eve Ledger", "finance"),
    "sid": ("Sid Seller", "sales"),
    "audrey": ("Audrey Audit", "meridian"),
    "olga": ("Olga Owner", "meridian"),
    "petra": ("Petra Process", "meridian"),
    "chris": ("Chris Change", "meridian"),
    "vera": ("Vera Vendor", "meridian"),
    "paul": ("Paul Portfolio", "meridian"),
    "fred": ("Fred Figures", "meridian"),
    "bert": ("Bert Beta", "beta"),
    "carl": ("Carl Customer", "finance"),
}

ORGANISATIONS = {
    "meridian": ("Meridian IT", "internal_provider"),
    "finance": ("Finance", "customer"),
    "sales": ("Sales", "customer"),
    "warehouse": ("Warehouse", "customer"),
    "alpha": ("Alpha Hosting", "vendor"),
    "beta": ("Beta Networks", "vendor"),
    "gamma": ("Gamma Software", "vendor"),
    "delta": ("Delta Cloud", "vendor"),
}

SERVICES = {
    "erp-finance": ("ERP Finance", "business", 4, ("finance",)),
    "payroll": ("Payroll", "business", 4, ("finance", "sales", "warehouse")),
    "pos": ("POS", "business", 5, ("sales",)),
    "collaboration": ("Collaboration", "business", 3, ("finance", "sales", "warehouse")),
    "network": ("Network", "technical", 5, ()),
    "hosting": ("Hosting", "technical", 4, ()),
    "database": ("Database", "technical", 4, ()),
    "service-desk": ("Service Desk", "supporting", 3, ("finance", "sales", "warehouse")),
}


def meridian() -> Cast:
    """Build Meridian in the present database and return it."""
    root = actions.operator("Brigade")
    organisations = {
        key: actions.add_organisation(name=name, code=key, kind=kind, by=root)
        for key, (name, kind) in ORGANISATIONS.items()
    }
    teams = {
        "service_desk": actions.add_team(name="Service desk", by=root),
        "network_operations": actions.add_team(name="Network operations", by=root),
    }
    people = {"ada": actions.create_first_admin(email="ada@meridian.example", name="Ada Admin")}
    actions.change_person(people["ada"], by=root, organisation=organisations["meridian"])
    for key, (name, organisation) in PEOPLE.items():
        if key != "ada":
            people[key] = actions.add_person(
                name=name,
                email=f"{key}@{organisation}.example",
                organisation=organisations[organisation],
                by=root,
            )
    _relations(people, teams, root)
    services = _services(organisations, teams, people, root)
    _roles(people, organisations, services)
    gold = service_actions.add_offering(
        services["erp-finance"], code="gold", name="ERP Finance Gold", level="gold", by=root
    )
    fresh = {key: Person.objects.get(pk=person.pk) for key, person in people.items()}
    return Cast(operator=root, services=services, erp_gold=gold, **organisations, **teams, **fresh)


def _relations(people: dict[str, Person], teams: dict[str, Team], root: Person) -> None:
    desk, network = teams["service_desk"], teams["network_operations"]
    for key, team in (("lena", desk), ("sam", desk), ("nora", desk), ("tom", network)):
        actions.add_relation("member_of", people[key], team=team, by=root)
    actions.add_relation("leads", people["lena"], team=desk, by=root)
    actions.add_relation("manages", people["carl"], other=people["eve"], by=root)


def _services(
    organisations: dict[str, Organisation],
    teams: dict[str, Team],
    people: dict[str, Person],
    root: Person,
) -> dict[str, Service]:
    return {
        code: service_actions.add_service(
            code=code,
            name=name,
            kind=kind,
            criticality=criticality,
            customers=[organisations[customer] for customer in customers],
            state="live",
            owner=people["olga"] if code == "erp-finance" else None,
            team=teams["network_operations" if code == "network" else "service_desk"],
            by=root,
        )
        for code, (name, kind, criticality, customers) in SERVICES.items()
    }


def _roles(
    people: dict[str, Person],
    organisations: dict[str, Organisation],
    services: dict[str, Service],
) -> None:
    ada, amos = people["ada"], people["amos"]
    actions.grant_role(amos, "admin", by=ada, reason="The second administrator.")
    grants = {
        "lena": ("team_lead", "all", None),
        "sam": ("agent", "all", None),
        "nora": ("agent", "all", None),
        "tom": ("agent", "all", None),
        "audrey": ("auditor", "all", None),
        "olga": ("service_owner", "service", services["erp-finance"].pk),
        "petra": ("process_owner", "all", None),
        "chris": ("change_manager", "all", None),
        "vera": ("vendor_manager", "all", None),
        "paul": ("portfolio_manager", "all", None),
        "fred": ("finance", "all", None),
        "bert": ("provider_agent", "vendor", organisations["beta"].pk),
        "carl": ("customer_manager", "customer", organisations["finance"].pk),
    }
    for key, (role, scope_type, scope_id) in grants.items():
        give(people[key], role, ada, amos, scope_type=scope_type, scope_id=scope_id)


def give(
    person: Person,
    role: str,
    first: Person,
    second: Person,
    *,
    scope_type: str = "all",
    scope_id: int | None = None,
) -> RoleGrant:
    """Let one administrator grant a role and a second approve it."""
    asked = actions.grant_role(person, role, by=first, scope_type=scope_type, scope_id=scope_id)
    return actions.approve_grant(asked, by=second)


@pytest.fixture
def cast(db: None) -> Cast:
    """Meridian, as no test before has touched it."""
    return once("cast", meridian)
