"""Meridian as rows: organisations, teams, people, services and roles, at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from brigade.integrations.meridian.staffing import CUSTOMERS, PROVIDERS, SERVICES, TEAMS, names
from brigade.kernel.parties import actions
from brigade.kernel.parties.models import Organisation, Person, Team
from brigade.kernel.services.actions import add_service
from brigade.kernel.services.models import Service

DOMAIN = "meridian.example"
WHY = "Example data."


@dataclass(frozen=True)
class Company:
    """Everybody and everything of Meridian, by key."""

    people: dict[str, Person]
    agents: dict[str, list[str]]
    customers: dict[str, list[str]]
    teams: dict[str, Team]
    services: dict[str, Service]


def build(root: Person, random: Random) -> Company:
    """Make Meridian in the name of the operator `root`, as of the present instant."""
    kinds = {code: (name, "customer") for code, (name, _count) in CUSTOMERS.items()}
    organisations = {
        code: actions.add_organisation(name=name, code=code, kind=kind, by=root)
        for code, (name, kind) in {**PROVIDERS, **kinds}.items()
    }
    wanted = sum(count for _name, count in (*CUSTOMERS.values(), *TEAMS.values()))
    fresh = iter(names(random, wanted))
    people: dict[str, Person] = {}
    customers = {
        code: [_person(people, next(fresh), organisations[code], root) for _n in range(count)]
        for code, (_name, count) in CUSTOMERS.items()
    }
    home = organisations["meridian"]
    agents = {
        key: [_person(people, next(fresh), home, root) for _n in range(count)]
        for key, (_name, count) in TEAMS.items()
    }
    teams = {key: _team(key, [people[who] for who in agents[key]], root) for key in TEAMS}
    services = _services(organisations, teams, people, agents, root)
    return Company(people, agents, customers, teams, services)


def _person(people: dict[str, Person], name: str, organisation: Organisation, root: Person) -> str:
    key = name.lower().replace(" ", ".")
    people[key] = actions.add_person(
        name=name,
        email=f"{key}@{organisation.code}.{DOMAIN}",
        organisation=organisation,
        timezone="Europe/London",
        by=root,
    )
    return key


def _team(key: str, members: list[Person], root: Person) -> Team:
    team = actions.add_team(name=TEAMS[key][0], by=root)
    for number, person in enumerate(members):
        actions.add_relation("member_of", person, team=team, by=root)
        actions.grant_role(person, "agent", by=root, reason=WHY)
        if number == 0:
            actions.add_relation("leads", person, team=team, by=root)
            actions.grant_role(person, "team_lead", by=root, reason=WHY)
    return team


def _services(
    organisations: dict[str, Organisation],
    teams: dict[str, Team],
    people: dict[str, Person],
    agents: dict[str, list[str]],
    root: Person,
) -> dict[str, Service]:
    return {
        code: add_service(
            code=code,
            name=plan.name,
            description=plan.description,
            kind=plan.kind,
            criticality=plan.criticality,
            customers=[organisations[customer] for customer in plan.customers],
            state="live",
            owner=people[agents[plan.team][0]],
            team=teams[plan.team],
            by=root,
        )
        for code, plan in SERVICES.items()
    }
