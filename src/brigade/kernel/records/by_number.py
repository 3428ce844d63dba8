"""A record by its number with the names beside it, in one prepared statement.

The ORM needs some five milliseconds of processor time to write the same
statement anew for every reader: eight joins under a scope. A program reads a
record before and after everything it does to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from brigade.kernel.parties.models import Organisation, Person, Team
from brigade.kernel.records import queries
from brigade.kernel.records.access import Standing, allows
from brigade.kernel.records.facts import as_record, instance
from brigade.kernel.services.models import Offering, Service

if TYPE_CHECKING:
    from django.db.models import Model

    from brigade.kernel.records.models import Record

NAMED: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "requester": (Person, ("id", "name")),
    "opened_by": (Person, ("id", "name")),
    "assignee": (Person, ("id", "name")),
    "team": (Team, ("id", "name")),
    "customer": (Organisation, ("id", "name")),
    "provider": (Organisation, ("id", "name")),
    "service": (Service, ("id", "code", "name")),
    "offering": (Offering, ("id", "code", "name")),
}
"""What is read of each row that a record points to; anything else of it is read when asked for."""


def record_by_number(standing: Standing, number: str) -> Record | None:
    """Return the record with this number, with what it points to, or None for nobody's business.

    Whether it may be read is asked of the clauses that `records_visible_to` is made of.
    """
    row = queries.named_row(number, standing.person_id, NAMED)
    if row is None:
        return None
    columns = len(queries.RECORD_COLUMNS)
    record = as_record(dict(zip(queries.RECORD_COLUMNS, row[:columns], strict=True)))
    watched, place = row[columns], columns + 1
    if not (allows(standing, "read", record) or (watched and standing.active)):
        return None
    for name, (_model, names) in NAMED.items():
        _put(record, name, row[place : place + len(names) - 1])
        place += len(names) - 1
    return record


def _put(record: Record, name: str, values: Sequence[Any]) -> None:
    """Let the record know what its reference `name` is called, without asking for it."""
    model, names = NAMED[name]
    key = getattr(record, f"{name}_id")
    columns = zip(names, (key, *values), strict=True)
    record._state.fields_cache[name] = None if key is None else instance(model, dict(columns))


def with_names(record: Record, known: Mapping[tuple[str, int], Sequence[Any]]) -> bool:
    """Name what a record refers to from what is known; tell whether that names all of it.

    `known` maps (field, id) to the columns of `NAMED` after the id.
    """
    for name in NAMED:
        key = getattr(record, f"{name}_id")
        if key is not None and (name, key) not in known:
            return False
        _put(record, name, () if key is None else known[name, key])
    return True


def is_named(record: Record) -> bool:
    """Tell whether everything that a record refers to is named on it."""
    return NAMED.keys() <= record._state.fields_cache.keys()


def named_like(record: Record, before: Record) -> bool:
    """Name what a record refers to as the same record was before a write.

    Tells whether it still refers to the very same, and so is named in full.
    """
    if any(getattr(record, f"{name}_id") != getattr(before, f"{name}_id") for name in NAMED):
        return False
    if not is_named(before):
        return False
    kept = before._state.fields_cache
    record._state.fields_cache.update((name, kept[name]) for name in NAMED)
    return True
