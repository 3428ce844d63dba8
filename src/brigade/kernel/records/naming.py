"""The names behind the ids in a journal, read at once.

A change keeps ids, because names change. Who may read an entry may read the
names in it, as they are today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from brigade.kernel.parties.models import Organisation, Person, Team
from brigade.kernel.services.models import Offering, Service

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import JournalEntry

KINDS: Mapping[str, Any] = {
    "party": Person,
    "team": Team,
    "organisation": Organisation,
    "service": Service,
    "offering": Offering,
}
"""Types of fields whose value is an id."""

COLUMNS: Mapping[str, str] = {
    "requester": "party",
    "assignee": "party",
    "watcher": "party",
    "team": "team",
    "customer": "organisation",
    "provider": "organisation",
    "service": "service",
    "offering": "offering",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Names by kind and id, and which field holds ids of which kind."""

    kinds: Mapping[str, str]
    known: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def of(self, name: str, value: Any) -> str | None:
        """Return the name behind the value of a field, or None where it holds no id."""
        kind = self.kinds.get(name)
        if kind is None or not isinstance(value, int) or isinstance(value, bool):
            return None
        return self.known.get(kind, {}).get(value, str(value))


def names_in(recipe: CompiledRecipe, entries: Iterable[JournalEntry]) -> Names:
    """Return the names that these entries mention: one statement for each kind of thing."""
    mentioned = [
        (name, value)
        for entry in entries
        for name, change in (entry.changes or {}).items()
        if isinstance(change, list)
        for value in change
    ]
    return _read(recipe, mentioned)


def names_of(recipe: CompiledRecipe, *values: Mapping[str, Any]) -> Names:
    """Return the names behind these values of fields, each a map of field to value."""
    return _read(recipe, [pair for each in values for pair in each.items()])


def _read(recipe: CompiledRecipe, mentioned: Iterable[tuple[str, Any]]) -> Names:
    kinds = {key: one.type for key, one in recipe.fields.items() if one.type in KINDS}
    kinds |= COLUMNS
    wanted: dict[str, set[int]] = {kind: set() for kind in KINDS}
    for name, value in mentioned:
        if name in kinds and isinstance(value, int) and not isinstance(value, bool):
            wanted[kinds[name]].add(value)
    known = {
        kind: dict(KINDS[kind].objects.filter(pk__in=ids).values_list("pk", "name"))
        for kind, ids in wanted.items()
        if ids
    }
    return Names(kinds, known)
