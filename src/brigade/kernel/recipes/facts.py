"""What is true outside a recipe, as plain values: what lint asks of the installation. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from brigade.kernel.recipes.evidence import Evidence
from brigade.kernel.recipes.language import Body

OF_THE_RECORD = frozenset({"requester", "assignee", "watchers", "system"})
"""Roles that a record itself gives, so that nobody has to be bound to them."""
UNUSED_DAYS = 180
"""A state nobody came to for so long has gone out of use."""
FEW_PERCENT = 20
"""A field filled in less often than this is hardly used."""
ENOUGH_RECORDS = 20
"""Fewer closed records say nothing about whether a field is used."""


@dataclass(frozen=True, slots=True)
class World:
    """The facts of one installation about one practice; what is None is not known, not asked.

    `owned` says whether somebody is bound to the recipe's owner, `holders` maps a role to
    the people who hold it, `measures` and `targets` are keys.
    `open_in` counts the open records of each state, `state_map` says where those of a
    state that is gone shall go; `pinned` that they finish on their own version instead.
    `days_on_map` says for how many days a state has been in use here, `entered` which
    were come to in the last UNUSED_DAYS. `filled` maps a field to (filled, closed
    records) of the same time. `evidence` maps a level to what it asks. `relaxed` are
    the rules of separation that small-team mode has lifted ("S1").
    """

    owned: bool | None = None
    holders: Mapping[str, frozenset[int]] | None = None
    measures: frozenset[str] | None = None
    targets: frozenset[str] | None = None
    open_in: Mapping[str, int] = field(default_factory=dict)
    state_map: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = False
    days_on_map: Mapping[str, int] = field(default_factory=dict)
    entered: frozenset[str] = frozenset()
    filled: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    evidence: Mapping[int, tuple[Evidence, ...]] = field(default_factory=dict)
    relaxed: frozenset[str] = frozenset()

    def people(self, role: str) -> frozenset[int]:
        """Return who holds a role; nobody where that is not known."""
        return (self.holders or {}).get(role, frozenset())

    def is_vacant(self, role: str, body: Body) -> bool:
        """Say whether it is known that nobody holds a role that somebody has to be given."""
        if self.holders is None or given_by_record(role, body):
            return False
        return not self.people(role)


NOTHING_KNOWN = World()
"""A recipe on its own: only what the file says is judged."""


def given_by_record(role: str, body: Body) -> bool:
    """Say whether the record names who this is: its requester, a person in one of its fields."""
    known = body.fields.get(role)
    return role in OF_THE_RECORD or (known is not None and known.type == "party")
