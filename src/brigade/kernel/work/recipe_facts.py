"""What records, targets and figures tell lint about a recipe. Unscoped: it counts, and names none.

Each answers one field of `kernel.recipes.facts.World` in a statement or two, for every
state or field at once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count

from brigade.kernel import instants
from brigade.kernel.clocks.queries import wordings
from brigade.kernel.measures import library as measures
from brigade.kernel.recipes import world
from brigade.kernel.recipes.compiled import is_empty
from brigade.kernel.recipes.facts import UNUSED_DAYS
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.records.models.record import OPEN_CATEGORIES

if TYPE_CHECKING:
    from brigade.kernel.recipes.world import Question

LOOKED_AT: Final = 500
"""The latest closed records that say whether a field is filled in."""
COLUMNS: Final = {
    "requester": "requester_id", "customer": "customer_id", "service": "service_id",
    "offering": "offering_id", "team": "team_id", "assignee": "assignee_id",
    "provider": "provider_id", "ci": "ci_id",
} | {
    name: name
    for name in (
        "title", "description", "category", "impact", "urgency", "priority", "channel",
    )
}  # fmt: skip
"""Fields of a recipe that every record has a column for."""


def open_in(asked: Question) -> dict[str, int]:
    """Return how many open records rest in each state, also in those the recipe lacks."""
    rows = Record.objects.filter(kind=asked.kind, state_category__in=OPEN_CATEGORIES)
    return dict(rows.values_list("state").annotate(count=Count("id")))


def entered(asked: Question) -> frozenset[str]:
    """Return the states that a record came to lately: where one rests, else by the journal."""
    if not asked.states:
        return frozenset()
    since = instants.now() - timedelta(days=UNUSED_DAYS)
    recent = Record.objects.filter(kind=asked.kind, updated_at__gte=since)
    found = set(recent.order_by().values_list("state", flat=True).distinct())
    entries = JournalEntry.objects.filter(
        record__kind=asked.kind, at__gte=since, changes__has_key="state"
    )
    for state in asked.states:
        if state not in found and entries.filter(changes__state__1=state).exists():
            found.add(state)
    return frozenset(found)


def filled(asked: Question) -> dict[str, tuple[int, int]]:
    """Return in how many of the latest closed records each field is filled in."""
    columns = {name: COLUMNS[name] for name in asked.fields if name in COLUMNS}
    latest = Record.objects.filter(kind=asked.kind, state_category="closed")
    rows = list(latest.order_by("-updated_at", "-id").values("data", *columns.values())[:LOOKED_AT])
    return {
        name: (sum(not is_empty(_value(row, name, columns)) for row in rows), len(rows))
        for name in asked.fields
    }


def _value(row: dict[str, Any], name: str, columns: dict[str, str]) -> Any:
    return row[columns[name]] if name in columns else row["data"].get(name)


def promised(asked: Question) -> frozenset[str]:
    """Return the keys of the targets in force for this kind of record."""
    return frozenset(row[1] for row in wordings() if row[2] == asked.kind and row[10] is None)


def measured(_asked: Question) -> frozenset[str]:
    """Return the figures that are measured here."""
    return frozenset(measures.installed())


def register() -> None:
    """Let lint ask for these facts."""
    world.register("open_in", open_in)
    world.register("entered", entered)
    world.register("filled", filled)
    world.register("targets", promised)
    world.register("measures", measured)
