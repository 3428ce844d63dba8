"""What a verb has to know before it decides, read in one prepared statement.

The record, who watches it, who leads its team, whether something on it must be
done first, whether others follow it, and its clocks: asked one by one these are
six queries on the path of every write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import orjson
from django.db.models.base import Model, ModelState

from brigade.kernel.records import queries
from brigade.kernel.records.models import Record

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Facts:
    """A record as it stands, with what hangs on it and matters to a verb.

    `followers` are the link types by which other records point at it, `clocks`
    the rows of its clocks in the order in which the clocks room reads them.
    """

    record: Record
    watchers: tuple[int, ...] = ()
    team_leads: tuple[int, ...] = ()
    open_task: str = ""
    followers: frozenset[str] = frozenset()
    clocks: tuple[tuple[Any, ...], ...] = ()


def facts_of(record_id: int, at: datetime) -> Facts:
    """Read a record and what a verb asks about it; raises Record.DoesNotExist."""
    row = queries.facts_row(record_id, at)
    if row is None:
        raise Record.DoesNotExist
    *values, watchers, leads, task, followers, clocks = row
    return Facts(
        as_record(dict(zip(queries.RECORD_COLUMNS, values, strict=True))),
        tuple(watchers),
        tuple(leads),
        task or "",
        frozenset(followers),
        tuple(tuple(clock) for clock in orjson.loads(clocks)),
    )


def as_record(values: Mapping[str, Any]) -> Record:
    """Make a record of its columns without asking the database again."""
    columns = dict(values)
    if isinstance(columns["data"], str | bytes):
        columns["data"] = orjson.loads(columns["data"])
    return instance(Record, {name: columns[name] for name in queries.RECORD_COLUMNS})


def instance(model: type[Row], columns: Mapping[str, Any]) -> Row:
    """Return the row of `model` with these columns, as its `from_db` does; others are deferred.

    Django's constructor loops over all fields and sends signals, which takes a
    tenth of the processor time of a write.
    """
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, "default"
    row.__dict__.update(columns)
    return row


_BLANK = {field.attname: field.get_default() for field in Record._meta.concrete_fields}


def unwritten(**columns: Any) -> Record:
    """Return a record that is not in the database yet, with these of its columns."""
    return instance(Record, {**_BLANK, "data": {}, **columns})


def with_columns(record: Record, columns: Mapping[str, Any]) -> Record:
    """Return the record as it is after a write of `columns`."""
    present = {name: getattr(record, name) for name in queries.RECORD_COLUMNS}
    return as_record(present | dict(columns))
