"""What happens once a decision is made: the room that asked says so here, once, at its start.

A lower room never reaches up: who asks a question about a draft, a decision or a
record registers what follows from the answer, and is called in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person


class Decided(Protocol):
    """What a room does when an approval of its own has ended by votes or at its deadline."""

    def __call__(self, approval: Approval, /, *, by: Person, at: datetime) -> None:
        """Follow the outcome; `by` cast the last vote, or is Brigade itself at a deadline."""


class Holders(Protocol):
    """How a room says who stands behind a role where its subject is concerned."""

    def __call__(self, subject_id: int, role: str, at: datetime, /) -> Sequence[int]:
        """Return the ids of the people, none where nobody does."""


_decided: dict[str, Decided] = {}
_holders: dict[str, Holders] = {}


def on_decided(kind: str, follow: Decided) -> None:
    """Call `follow` for approvals on subjects of `kind`: a record's kind, or "recipe_draft" ...

    "record" is for every kind of record that registers nothing itself.
    """
    _decided[kind] = follow


def resolve_roles(kind: str, find: Holders) -> None:
    """Ask `find` who stands behind a role, for subjects of `kind`, before role grants are read."""
    _holders[kind] = find


def follower(kinds: Sequence[str]) -> Decided | None:
    """Return what follows for the first of these kinds that registered anything."""
    return next((_decided[kind] for kind in kinds if kind in _decided), None)


def resolver(kind: str) -> Holders | None:
    """Return how the roles of subjects of `kind` are resolved, None for by their grants alone."""
    return _holders.get(kind)
