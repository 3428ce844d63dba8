"""In which roles somebody could move a record then: by what they held at that instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from brigade.kernel.parties.held import note_rights
from brigade.kernel.parties.models import Person
from brigade.kernel.records.access import Standing
from brigade.kernel.records.facts import unwritten
from brigade.kernel.work.moving import roles_on
from brigade.kernel.work.names import REFERENCES
from brigade.kernel.work.simulation.replaying import RolesOf


def roles_then(kind: str) -> RolesOf:
    """Return how to ask for the roles in which an actor could move a record of a kind.

    Grants and teams are read once for each person and asked at the instant of the
    move; whether an account is active is asked as it is now.
    """
    people: dict[int, Person | None] = {}

    def roles_of(actor: int | None, at: datetime, values: Mapping[str, Any]) -> set[str]:
        if actor is None:
            return set()
        if actor not in people:
            person = Person.objects.filter(pk=actor).first()
            people[actor] = note_rights(person) if person else None
        person = people[actor]
        if person is None:
            return set()
        record = unwritten(
            kind=kind,
            confidential=bool(values.get("confidential")),
            **{f"{name}_id": values.get(name) for name in REFERENCES},
        )
        return roles_on(record, Standing.of(person, at))

    return roles_of
