"""From rows of cells to rows of the staging table. Pure.

Here is decided what one row says by itself: its case, its instant, its place in
the order, its state, its values. What rows say together (before and after,
duplicates, what is known already) is decided by SQL over all of them at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from brigade.integrations.logs.findings import Finding
from brigade.integrations.logs.instants import instant_reader
from brigade.integrations.logs.layout import Layout, Target, fill, whole
from brigade.integrations.logs.mapping import SAME, LogMap
from brigade.integrations.logs.reading import BadLine, Row

SHOWN = 200
"""Characters of a cell that a finding repeats."""

FIXED = (
    ("line", "bigint"),
    ("part", "integer"),
    ("digest", "bytea"),
    ("case_id", "text"),
    ("at", "timestamptz"),
    ("row_key", "text"),
    ("actor", "text"),
    ("state", "text"),
    ("waits", "text"),
    ("transition", "text"),
    ("title", "text"),
    ("description", "text"),
)
"""Columns every staging table has, before those of order (o0 ...) and of targets (t0 ...)."""


@dataclass
class Stager:
    """Turns rows into staged tuples and keeps what it found out on the way."""

    log_map: LogMap
    layout: Layout
    rows: int = 0
    findings: list[Finding] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        rows, at = self.log_map.rows, self.layout.place
        self._read_instant = instant_reader(self.log_map.dates, self.log_map.zone)
        self._empties = frozenset(("", *self.log_map.empty))
        self._case = at(rows.case)
        self._at = None if rows.at is None else at(rows.at)
        self._actor = None if rows.actor is None else at(rows.actor)
        self._order = [(at(part.column), part.column, part.as_) for part in rows.order]
        self._state = None if self.log_map.state is None else at(self.log_map.state.column)
        self._memos: list[dict[str, tuple[str | None, str | None]]] = [
            {} for _target in self.layout.targets
        ]

    def staged(self, rows: Iterable[Row | BadLine]) -> Iterator[tuple[Any, ...]]:
        """Yield one tuple per entry to be; every line that gives none becomes a finding."""
        width = len(self.layout.header)
        for row in rows:
            if isinstance(row, BadLine):
                self.rows += 1
                self._find(row.line, "", row.code, row.value, taken=False)
            elif len(row.cells) != width:
                for line in range(row.line, row.last_line + 1):
                    self.rows += 1
                    self._find(line, "", "wrong_cells", str(len(row.cells)), taken=False)
            else:
                self.rows += 1
                yield from self._entries(row)

    def _find(self, line: int, column: str, code: str, value: str, *, taken: bool) -> None:
        self.findings.append(Finding(line, column, code, value[:SHOWN], taken))

    def _entries(self, row: Row) -> Iterator[tuple[Any, ...]]:
        cells, rows = row.cells, self.log_map.rows
        case = cells[self._case].strip()
        if case in self._empties:
            self._find(row.line, rows.case, "case_missing", "", taken=False)
            return
        if len(case) > 200:
            self._find(row.line, rows.case, "case_too_long", case, taken=False)
            return
        moments = self._moments(row)
        if not moments:
            return
        values = self._values(row)
        actor = self._actor_of(cells)
        title = (fill(self.layout.title, cells).strip() or case)[:300]
        description = fill(self.layout.description, cells)
        digest = hashlib.blake2b("\x1f".join(cells).encode(), digest_size=16).digest()
        for part, at, key, order, state in moments:
            yield (
                row.line, part, digest, case, at, key, actor, *state, title, description,
                *order, *values,
            )  # fmt: skip

    def _moments(
        self, row: Row
    ) -> list[tuple[int, datetime, str, list[Any], tuple[str | None, str | None, str]]]:
        """Return the entries of a row: part, instant, key, order, (state, waits, transition)."""
        if self._at is None:
            return self._events(row)
        cells = row.cells
        cell = cells[self._at]
        at = self._read_instant(cell.strip())
        if at is None:
            self._find(row.line, self.layout.header[self._at], "bad_instant", cell, taken=False)
            return []
        order = self._order_of(row)
        if order is None:
            return []
        key = "|".join(
            [cells[index] for index, _column, _as in self._order]
            or [cell, "" if self._state is None else cells[self._state]]
        )
        return [(0, at, short_key(key), order, self._state_of(row))]

    def _order_of(self, row: Row) -> list[Any] | None:
        values: list[Any] = []
        for index, column, as_ in self._order:
            cell = row.cells[index].strip()
            value = _SORTED_AS[as_](cell) if as_ != "instant" else self._read_instant(cell)
            if value is None:
                self._find(row.line, column, "not_in_order", cell, taken=False)
                return None
            values.append(value)
        return values

    def _state_of(self, row: Row) -> tuple[str | None, str | None, str]:
        states = self.log_map.state
        if states is None or self._state is None:
            return None, None, ""
        value = row.cells[self._state].strip()
        meaning = states.values.get(value)
        if meaning is None:
            if value not in self._empties:
                self._find(row.line, states.column, "unknown_state", value, taken=True)
            return None, None, ""
        if meaning.state == SAME:
            return None, None, meaning.transition
        return meaning.state, meaning.waits_for, meaning.transition

    def _events(
        self, row: Row
    ) -> list[tuple[int, datetime, str, list[Any], tuple[str | None, str | None, str]]]:
        found: list[Any] = []
        bad: list[tuple[str, str]] = []
        for part, event in enumerate(self.log_map.rows.events):
            cell = row.cells[self.layout.place(event.column)].strip()
            if cell in self._empties:
                continue
            at = self._read_instant(cell)
            if at is None:
                bad.append((event.column, cell))
                continue
            key = short_key(event.column)
            found.append((part, at, key, [], (event.state, None, event.transition)))
        for column, cell in bad:
            code = "bad_date" if found else "bad_instant"
            self._find(row.line, column, code, cell, taken=bool(found))
        if not found and not bad:
            self._find(row.line, "", "no_instant", "", taken=False)
        return found

    def _actor_of(self, cells: list[str]) -> str | None:
        if self._actor is None:
            return None
        name = " ".join(cells[self._actor].split())[:200]
        if name in self._empties:
            return None
        self.people.add(name)
        return name

    def _values(self, row: Row) -> list[str | None]:
        values: list[str | None] = []
        cells = row.cells
        for target, memo in zip(self.layout.targets, self._memos, strict=True):
            cell = cells[target.place]
            known = memo.get(cell)
            if known is None:
                known = self._read(target, cell, memo)
            text, code = known
            if code is not None:
                self._find(row.line, target.column, code, cell, taken=True)
            values.append(text)
        return values

    def _read(
        self, target: Target, cell: str, memo: dict[str, tuple[str | None, str | None]]
    ) -> tuple[str | None, str | None]:
        known = target.read(cell)
        if known[0] is not None and target.shape != "json":
            (self.people if target.shape == "person" else self.teams).add(known[0])
        if len(memo) > 50_000:
            memo.clear()
        memo[cell] = known
        return known


_SORTED_AS: dict[str, Callable[[str], Any]] = {"number": whole, "text": lambda cell: cell}


def short_key(key: str) -> str:
    """Return the key of a row within its case, at most 64 characters."""
    return key if len(key) <= 60 else hashlib.sha256(key.encode()).hexdigest()


def staging_columns(log_map: LogMap, layout: Layout) -> list[tuple[str, str]]:
    """Return the columns of the staging table with their PostgreSQL types, in tuple order."""
    types = {"instant": "timestamptz", "number": "bigint", "text": "text"}
    order = [(f"o{n}", types[part.as_]) for n, part in enumerate(log_map.rows.order)]
    return [*FIXED, *order, *((f"t{n}", "text") for n in range(len(layout.targets)))]
