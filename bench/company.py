"""Who works in a run: Meridian's people, a program's token, a reader's session, hot statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

SEED = 20_260_301


@dataclass(frozen=True)
class Statement:
    """A hot statement as the kernel runs it, with the parameters of one real call."""

    sql: str
    parameters: Mapping[str, Any]


@dataclass
class Company:
    """Ids and keys that the measures need."""

    agent: int
    token: str
    session: str
    recipe_version: int
    teams: dict[str, int]
    agents: dict[str, list[int]]
    requesters: list[tuple[int, int]]
    services: dict[str, tuple[int, str]]
    statements: dict[str, Statement] = field(default_factory=dict)


def build() -> Company:
    """Make Meridian in the present database, without records, and catch the hot statements."""
    from django.db import connection, transaction

    from brigade.integrations.meridian.building import build as build_meridian
    from brigade.kernel.parties.actions import change_installation, operator
    from brigade.kernel.recipes.queries import version_for
    from brigade.kernel.records.writes import number_sequence

    root = operator("Brigade")
    with transaction.atomic():
        made = build_meridian(root, Random(SEED))
        change_installation(
            by=root, name="Meridian", default_team=made.teams["desk"], example_data=True
        )
    lead = made.people[made.agents["desk"][0]]
    number_sequence("incident")
    company = Company(
        agent=lead.pk,
        token=_token(lead),
        session=_session(lead),
        recipe_version=version_for("incident"),
        teams={key: team.pk for key, team in made.teams.items()},
        agents={key: [made.people[who].pk for who in keys] for key, keys in made.agents.items()},
        requesters=[
            (made.people[who].pk, int(made.people[who].organisation_id or 0))
            for keys in made.customers.values()
            for who in keys
        ],
        services={
            code: (service.pk, str(service.team.name) if service.team else "")
            for code, service in made.services.items()
        },
    )
    company.statements = _caught(lead, company)
    connection.close()
    return company


def _token(person: Any) -> str:
    from brigade.kernel.instants import now
    from brigade.kernel.parties.actions import issue_token

    issued = issue_token(
        person,
        by=person,
        name="bench",
        scopes=["read", "write"],
        expires_at=now() + timedelta(days=30),
    )
    return issued.raw


def _session(person: Any) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def new_incident(company: Company, number: int) -> dict[str, Any]:
    """Return what a program sends to open an incident, in the demo's shape."""
    requester, _organisation = company.requesters[number % len(company.requesters)]
    service, _team = company.services["pos"]
    return {
        "title": f"Card terminal {number} refuses every card",
        "description": TOLD,
        "fields": {"requester": requester, "service": service, "urgent": number % 3 == 0},
    }


TOLD = (
    "Every card is declined on the terminal, cash works. It began this morning after opening,"
    " we have restarted the terminal twice and pulled its cable. The display says: no answer from"
    " the provider. There is a queue at the till and people leave. The terminals in the shop next"
    " door work, so it may be ours alone. Please tell us whether we shall use the spare one, it"
    " lies in the office and nobody here has set one up before. Somebody is in the shop until"
    " eight this evening; after that call the number on the notice board beside the till."
)
REPLY = "Thank you, I can see it. I am looking into it now and come back to you this afternoon."


def _caught(person: Any, company: Company) -> dict[str, Statement]:
    """Run the verbs once, keep what they sent to the database, and take it all back."""
    from django.db import transaction

    from brigade.kernel.records import writes
    from brigade.kernel.work.moving import move
    from brigade.kernel.work.opening import open_record

    seen: list[Statement] = []
    run = writes.run_prepared

    def note(statement: str, parameters: Mapping[str, Any]) -> Any:
        seen.append(Statement(statement, dict(parameters)))
        return run(statement, parameters)

    asked = new_incident(company, 1)
    fields = {"title": asked["title"], "description": asked["description"], **asked["fields"]}
    writes.run_prepared = note
    try:
        with transaction.atomic():
            record = open_record("incident", by=person, fields=fields, channel="api", origin="api")
            record = move(record, "start", by=person, origin="api")
            waits = {"waiting_reason": "requester"}
            record = move(record, "wait", by=person, fields=waits, body=REPLY, origin="api")
            move(record, "resume", by=person, body=REPLY, origin="api")
            transaction.set_rollback(True)
    finally:
        writes.run_prepared = run
    opened, _started, waited, resumed = seen
    return {"open": opened, "wait": waited, "resume": resumed}
