"""Who is asked about a submitted draft: a higher room that lets people decide says so here.

Approvals lie above recipes, so this room keeps a reference to the question ("approval:12")
and what shall be called, and imports neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.models import RecipeDraft


class Asks(Protocol):
    """How a draft is put to whoever answers for its practice."""

    def ask(self, draft: RecipeDraft, /, *, by: Person) -> str:
        """Ask, and return a reference to the question.

        Empty where nobody could answer it and one person may decide alone; Refused where
        nobody could and nobody may.
        """

    def take_back(self, draft: RecipeDraft, /, *, by: Person) -> None:
        """Take back what is still asked about a draft that no longer stands as it was."""


class _Nobody:
    """Asks nobody, as long as no room has said how."""

    def ask(self, draft: RecipeDraft, /, *, by: Person) -> str:
        return ""

    def take_back(self, draft: RecipeDraft, /, *, by: Person) -> None:
        return None


_asks: list[Asks] = [_Nobody()]


def register(asks: Asks) -> None:
    """Ask this way from now on."""
    _asks[0] = asks


def asks() -> Asks:
    """Return how people are asked here."""
    return _asks[0]
