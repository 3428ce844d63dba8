"""The people behind a role that a recipe tells, on one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.lookups import holders_of, members_of
from brigade.kernel.recipes.manifests import manifests
from brigade.kernel.recipes.queries import owner_of
from brigade.kernel.services.queries import service_owner

if TYPE_CHECKING:
    from brigade.kernel.work.step import Step

OF_THE_RECORD = frozenset({"requester", "assignee", "team_lead", "watcher", "watchers"})
"""Roles that the record itself gives."""


def holders(role: str, step: Step) -> tuple[int, ...]:
    """Return who holds a role where this record is concerned, by id.

    The closest first, and only those: who is named (on the service, on the
    practice, in a field of the record), else who holds the role for this
    service, customer, team or provider, else who holds it for everything.
    Nobody stands behind a role that nobody holds.
    """
    if role == "agent":
        team = step.get("team")
        return () if team is None else tuple(members_of(team, step.way.at))
    field = step.recipe.fields.get(role)
    named = step.get(role) if field is not None and field.type == "party" else None
    if role == "service_owner":
        named = service_owner(step.get("service"))
    if role == "process_owner":
        named = owner_of(step.recipe.key)
    if named is not None:
        return (named,)
    scopes = {
        "service": step.get("service"),
        "customer": step.get("customer"),
        "team": step.get("team"),
        "vendor": step.get("provider"),
    }
    return tuple(holders_of(role, scopes, step.way.at)) or accountable(role)


def accountable(role: str) -> tuple[int, ...]:
    """Return who answers for the practices that a role is accountable for, as adopted here."""
    keys = [key for key, manifest in manifests().items() if manifest.accountable == role]
    owners = dict.fromkeys(owner_of(key) for key in keys)
    return tuple(person for person in owners if person is not None)
