"""Who may do what with an incident, written down again from the table of roles.

This is the other half of the comparison, so it shares no code with the product:
it is asked about plain facts (`Incident.facts`) and knows no page and no query.
"""

from __future__ import annotations

from tests.permissions.world import Actor, Incident, World

TABLE = {
    "requester": {"create": "own", "read": "own", "transition": "own"},
    "agent": {"create": "all", "read": "all", "internal": "all",
              "update": "team", "transition": "team"},
    "team_lead": dict.fromkeys(("create", "read", "internal", "update", "transition"), "all"),
    "process_owner": dict.fromkeys(("read", "internal", "update", "transition"), "all"),
    "service_owner": {"read": "services", "internal": "services", "transition": "services"},
    "change_manager": {"read": "all", "internal": "all"},
    "vendor_manager": {"read": "all", "internal": "all"},
    "portfolio_manager": {"read": "all", "internal": "all"},
    "finance": {},
    "auditor": {"read": "all", "internal": "all"},
    "admin": {"read": "all", "internal": "all"},
    "provider_agent": {"read": "provider", "update": "provider", "transition": "provider"},
    "customer_manager": {"create": "customer", "read": "customer"},
}  # fmt: skip
"""Role -> verb -> how far. "all" leaves out what is confidential, unless it is one's own work."""

ROLES = {
    "other_customer": ("requester",),
    "network_agent": ("requester", "agent"),
    "disabled": (),
    "anonymous": (),
}
"""The roles of the actors that are not named after one. Everybody signed in is a requester too."""


def roles_of(actor: Actor) -> tuple[str, ...]:
    """Return the role keys an actor holds."""
    return ROLES.get(actor.name, tuple(dict.fromkeys(("requester", actor.name))))


def allowed(world: World, actor: Actor, verb: str, incident: Incident) -> bool:
    """Say whether the actor may do the verb (read, internal, update, transition)."""
    if actor.person is None or not actor.signed_in:
        return False
    facts = incident.facts
    if verb == "read" and facts["watcher"] and _watches(world, actor, facts["watcher"]):
        return True
    return any(_reaches(world, actor, TABLE[role].get(verb, ""), incident)
               for role in roles_of(actor))  # fmt: skip


def _watches(world: World, actor: Actor, watcher: str) -> bool:
    return actor.person is not None and getattr(world.cast, watcher).pk == actor.person.pk


def _reaches(world: World, actor: Actor, reach: str, incident: Incident) -> bool:
    person, facts = actor.person, incident.facts
    assert person is not None
    teams = {
        "agent": {world.cast.service_desk.pk},
        "team_lead": {world.cast.service_desk.pk},
        "network_agent": {world.cast.network_operations.pk},
    }.get(actor.name, set())
    mine = facts["assignee"] == person.pk or facts["team"] in teams
    shared = not facts["confidential"]
    return {
        "": False,
        "own": facts["requester"] == person.pk,
        "team": mine,
        "all": shared or mine,
        "services": shared and facts["service"] == world.cast.erp.pk,
        "customer": shared and facts["customer"] == person.organisation_id,
        "provider": shared and facts["provider"] == person.organisation_id,
    }[reach]
