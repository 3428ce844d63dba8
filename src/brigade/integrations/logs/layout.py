"""What every column of a file becomes, worked out once per import. Pure.

A *target* is a path in the record or its journal (`team`, `facts.made_sla`,
`source.location`). A staged row carries one text per target: JSON for values,
the bare name for people and teams, null for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from brigade.integrations.logs.instants import instant_reader, written
from brigade.integrations.logs.mapping import (
    RECORD_INSTANTS,
    RECORD_NUMBERS,
    RECORD_PEOPLE,
    LogMap,
    Use,
)
from brigade.kernel.refused import Invalid

Shape = Literal["json", "person", "team"]
Reader = Callable[[str], tuple[str | None, str | None]]
"""From a cell to its text (or None) and the code of what is odd about it (or None)."""

LIMITS = {"category": 200, "channel": 40}


class Target(NamedTuple):
    """One thing a column becomes: its path, the column's place in a row, how to read it."""

    path: str
    place: int
    column: str
    shape: Shape
    read: Reader


@dataclass(frozen=True)
class Layout:
    """The whole plan for a file with this header."""

    header: tuple[str, ...]
    targets: tuple[Target, ...]
    title: tuple[tuple[str, int | None], ...]
    description: tuple[tuple[str, int | None], ...]

    def place(self, column: str) -> int:
        """Return the place of a column in a row."""
        return self.header.index(column)


def lay_out(log_map: LogMap, header: Sequence[str]) -> Layout:
    """Work out the targets of a file; raise Invalid where a named column is missing."""
    names = tuple(name.strip() for name in header)
    _check_header(log_map, names)
    places = {name: index for index, name in enumerate(names)}
    empties = frozenset(("", *log_map.empty))
    targets: list[Target] = []
    used = said_by_the_entry(log_map) | {*log_map.rows.untracked, *log_map.rows.leave_out}
    for place, use in log_map.uses().items():
        targets.append(_target(place, use, places[use.column], log_map, empties))
        used.add(use.column)
    if log_map.state is not None:
        column = log_map.state.column
        targets.append(Target("source_state", places[column], column, "json", _text(empties)))
        used.add(column)
    for name in names:
        if name and name not in used:
            targets.append(Target(f"source.{name}", places[name], name, "json", _text(empties)))
    return Layout(
        names,
        tuple(targets),
        _template(log_map.record.title, places, "record.title"),
        _template(log_map.record.description, places, "record.description"),
    )


def said_by_the_entry(log_map: LogMap) -> set[str | None]:
    """Return the columns an entry tells by itself: whose, when, in which order, by whom."""
    rows = log_map.rows
    ordered = {part.column for part in rows.order}
    begun = {event.column for event in rows.events}
    return {rows.case, rows.at, rows.actor} | ordered | begun


def _check_header(log_map: LogMap, names: tuple[str, ...]) -> None:
    missing = [column for column in log_map.columns() if column not in names]
    if missing:
        raise Invalid(
            "column_missing",
            _("The file has no column %(missing)s. Its columns are: %(columns)s.")
            % {"missing": ", ".join(missing), "columns": ", ".join(names)[:2000]},
            "file",
        )
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Invalid(
            "column_twice",
            _("The file has the column %(columns)s more than once.")
            % {"columns": ", ".join(twice)},
            "file",
        )


def _target(place: str, use: Use, index: int, log_map: LogMap, empties: frozenset[str]) -> Target:
    group, _dot, name = place.partition(".")
    path = name if group in ("record", "fields") else place
    if group == "record" and name in RECORD_PEOPLE:
        return Target(path, index, use.column, "person", _name(empties))
    if group == "record" and name == "team":
        return Target(path, index, use.column, "team", _name(empties))
    if group == "record" and name in RECORD_INSTANTS:
        return Target(path, index, use.column, "json", _instant(log_map, empties))
    if group == "record" and name in RECORD_NUMBERS:
        return Target(path, index, use.column, "json", _grade(use, empties))
    return Target(path, index, use.column, "json", _reader(use, empties, LIMITS.get(path)))


def _grade(use: Use, empties: frozenset[str]) -> Reader:
    """Read impact, urgency or priority: 1 is the highest."""
    if use.values is not None:
        return _translated(use.values, empties, numeric=True)
    number = _number(empties)

    def read(cell: str) -> tuple[str | None, str | None]:
        text, code = number(cell)
        if text is not None and not 1 <= int(text) <= 99:
            return None, "unknown_value"
        return text, code

    return read


def _reader(use: Use, empties: frozenset[str], limit: int | None) -> Reader:
    if use.values is not None:
        return _translated(use.values, empties)
    if use.as_ == "number":
        return _number(empties)
    if use.as_ == "yes_no":
        return _yes_no(use, empties)
    return _text(frozenset() if use.as_ == "label" else empties, limit)


def whole(cell: str) -> int | None:
    """Return the whole number in a cell, or None where it holds none that JSON can carry."""
    digits = cell.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 16):
        return None
    number = int(cell)
    return number if abs(number) < 2**53 else None


def as_json(value: str) -> str:
    """Return text as the JSON that the journal keeps."""
    return json.dumps(value, ensure_ascii=False)


def _text(empties: frozenset[str], limit: int | None = None) -> Reader:
    def read(cell: str) -> tuple[str | None, str | None]:
        if cell in empties:
            return None, None
        if limit is not None and len(cell) > limit:
            return as_json(cell[:limit]), "too_long"
        return as_json(cell), None

    return read


def _name(empties: frozenset[str]) -> Reader:
    def read(cell: str) -> tuple[str | None, str | None]:
        name = " ".join(cell.split())
        if name in empties or cell in empties:
            return None, None
        return (name, None) if len(name) <= 200 else (name[:200], "too_long")

    return read


def _translated(
    values: dict[str, int | str | None], empties: frozenset[str], *, numeric: bool = False
) -> Reader:
    known = {
        cell: None if value is None else json.dumps(value, ensure_ascii=False)
        for cell, value in values.items()
    }

    def read(cell: str) -> tuple[str | None, str | None]:
        if cell in known:
            return known[cell], None
        if cell in empties:
            return None, None
        return (None if numeric else as_json(cell[:40])), "unknown_value"

    return read


def _number(empties: frozenset[str]) -> Reader:
    def read(cell: str) -> tuple[str | None, str | None]:
        if cell in empties:
            return None, None
        number = whole(cell)
        return (None, "not_a_number") if number is None else (str(number), None)

    return read


def _yes_no(use: Use, empties: frozenset[str]) -> Reader:
    def read(cell: str) -> tuple[str | None, str | None]:
        if cell in use.yes:
            return "true", None
        if cell in use.no:
            return "false", None
        return None, (None if cell in empties else "unknown_value")

    return read


def _instant(log_map: LogMap, empties: frozenset[str]) -> Reader:
    parse = instant_reader(log_map.dates, log_map.zone)

    def read(cell: str) -> tuple[str | None, str | None]:
        if cell in empties:
            return None, None
        at = parse(cell.strip())
        return (None, "bad_date") if at is None else (as_json(written(at)), None)

    return read


def _template(text: str, places: dict[str, int], where: str) -> tuple[tuple[str, int | None], ...]:
    """Cut `"{category}, {symptom}"` into literal pieces and places of columns."""
    pieces: list[tuple[str, int | None]] = []
    for position, piece in enumerate(text.split("{")):
        column, brace, rest = piece.partition("}")
        if position == 0 or not brace:
            pieces.append((piece if position == 0 else "{" + piece, None))
            continue
        if column not in places:
            raise Invalid(
                "column_missing",
                _("%(where)s names {%(column)s}, which the file does not have.")
                % {"where": where, "column": column},
                "map",
            )
        pieces.append(("", places[column]))
        pieces.append((rest, None))
    return tuple(piece for piece in pieces if piece != ("", None))


def fill(template: tuple[tuple[str, int | None], ...], cells: Sequence[str]) -> str:
    """Return a title or a description with the cells of a row in it."""
    return "".join(text if index is None else cells[index] for text, index in template)
