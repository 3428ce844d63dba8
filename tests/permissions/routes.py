"""Every page and every route, and who may use it: the table the generated test walks.

A line says what an address needs. On a record that is a verb, looked up in
`rules.TABLE` for each record. Elsewhere it is a set of actors: whoever is not
among `sees` gets 404, whoever sees but is not among `may` gets 403.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from brigade.kernel.parties.models import Relation
from tests.permissions.world import Incident, World

Fill = Callable[[World, Incident], dict[str, Any]]

CUSTOMERS = frozenset({"requester", "other_customer", "customer_manager"})
STAFF = frozenset(
    {
        "agent", "team_lead", "process_owner", "service_owner", "change_manager",
        "vendor_manager", "portfolio_manager", "finance", "auditor", "admin", "network_agent",
    }
)  # fmt: skip
DESK = STAFF | {"provider_agent"}
EVERYBODY = DESK | CUSTOMERS
ADMIN = frozenset({"admin"})
WRITERS = frozenset({"agent", "network_agent", "team_lead", "process_owner"})
LEADS = frozenset({"team_lead", "process_owner"})
OPENERS = WRITERS - {"process_owner"}
FIGURES = WRITERS | {
    "service_owner", "change_manager", "vendor_manager", "portfolio_manager", "auditor", "admin",
    "finance",
}  # fmt: skip
OUTBOX = frozenset({"team_lead", "process_owner", "auditor", "admin"})
RIGHTS = frozenset({"admin", "auditor"})
OWNERS = frozenset({"service_owner", "portfolio_manager"})
PORTFOLIO = frozenset({"portfolio_manager"})
ADOPTERS = frozenset({"admin", "process_owner"})
NOBODY: frozenset[str] = frozenset()


def nothing(world: World, incident: Incident) -> dict[str, Any]:
    """Fill in nothing."""
    return {}


@dataclass(frozen=True)
class Route:
    """One method of one address. `verb` makes it a matter of each record."""

    name: str
    method: str
    verb: str = ""
    sees: frozenset[str] = EVERYBODY
    may: frozenset[str] = EVERYBODY
    path: Fill = nothing
    data: Fill = nothing
    query: str = ""

    @property
    def api(self) -> bool:
        return self.name.startswith("/")


def on_record(world: World, incident: Incident) -> dict[str, Any]:
    """Return every value that an address below a record can have."""
    others = world.others
    return {
        "number": incident.number,
        "name": "urgent",
        "transition": "cancel",
        "entry": incident.note,
        "link_id": others["link"].pk,
        "task": incident.task.pk,
        "task_id": incident.task.pk,
        "file_id": incident.public_file.pk,
        "person_id": world.cast.nora.pk,
        "reply_id": others["reply"].pk,
    }


def get(name: str, verb: str = "", **more: Any) -> Route:
    """Return the reading of an address."""
    return Route(name, "GET", verb, path=more.pop("path", on_record), **more)


def post(name: str, verb: str = "", data: dict[str, Any] | Fill | None = None,
         method: str = "POST", **more: Any) -> Route:  # fmt: skip
    """Return a writing to an address; `data` is what a form or a program sends."""
    filled: Fill = data if callable(data) else lambda world, incident: dict(data or {})
    return Route(name, method, verb, path=more.pop("path", on_record), data=filled, **more)


def at(**values: Any) -> Fill:
    """Fill an address with these values; a callable one is asked for the world."""
    return lambda world, incident: {
        key: value(world) if callable(value) else value for key, value in values.items()
    }


def eve(world: World) -> int:
    return world.cast.eve.pk


def relation(kind: str, end: str, name: str) -> Callable[[World], int]:
    """Return how to find the relation of a kind that somebody is the one end of."""
    return lambda world: Relation.objects.get(kind=kind, **{end: getattr(world.cast, name)}).pk


def run(world: World) -> int:
    return int(world.others["run"].pk)


def grant(world: World) -> int:
    return int(world.others["grant"].pk)
