"""From a definition to SQL: the rows of a period, what is counted of them, and the query's hash.

Only words of the vocabulary reach the text of a statement; every value is a
parameter. The hash is taken of the definition and of the statement without the
reader's scope, so that it names what was asked, whoever asked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from brigade.kernel.measures.bases import Base, base_of
from brigade.kernel.measures.reading import Definition
from brigade.kernel.measures.vocabulary import AMOUNTS, DIMENSIONS, FIELDS, OPERATORS

NONE = 0
"""Stands for "none given" where a figure is cut by a dimension."""


@dataclass(frozen=True)
class Compiled:
    """A definition in SQL. `params` are the values of its conditions, by name."""

    definition: Definition
    base: Base
    num: str
    den: str
    amount: str
    params: dict[str, Any]

    @property
    def query_hash(self) -> str:
        """Return what names definition and statement: the same hash, the same question."""
        said = self.definition.canonical() + self.values() + repr(sorted(self.params.items()))
        return hashlib.sha256(said.encode()).hexdigest()

    def values(self, cut: str | None = None, scope: str = "true", known: str = "true") -> str:
        """Return the statement of values by period, and by a dimension where it is cut.

        `known` says of which rows the reader may know the value of an own field.
        """
        key = _key(cut, known) if cut else f"{NONE}"
        in_num, in_den, wanted = self.num, self.den, f"({self.num} or {self.den})"
        if self._same():
            in_num, in_den, wanted = "true", "true", self.num
        return (
            f"{self.base.before} select period, key, {', '.join(self._picked())}\n"
            f"from (select {self.base.bucket} as period, {key} as key,"
            f" {in_num} as in_num, {in_den} as in_den, {self.amount} as amount{self._others()}\n"
            f"{self.base.within} and {scope} and {wanted}) counted\n"
            "group by period, key order by period, key"
        )

    def rows(
        self, part: str, cut: str | None = None, scope: str = "true", known: str = "true"
    ) -> str:
        """Return the statement of the rows of `num` or `den`, newest first, one page by key."""
        wanted = self.num if part == "num" else self.den
        narrowed = f" and {_key(cut, known)} = %(key)s" if cut else ""
        return (
            f"{self.base.before} select id, at, amount from (\n"
            f"select records_record.id, {self.base.instant} as at, {self.amount} as amount\n"
            f"{self.base.within} and {scope} and {wanted}{narrowed}) counted\n"
            "where (at, id) < (%(after_at)s, %(after_id)s)"
            " order by at desc, id desc limit %(limit)s"
        )

    def _same(self) -> bool:
        """Tell whether numerator and denominator are of the very same rows."""
        return self.num == self.den

    def _picked(self) -> list[str]:
        measure = self.definition.measure
        rank = measure.formula.num.rank
        if rank is None:
            picked = [
                "coalesce(sum(amount) filter (where in_num), 0)::bigint",
                "count(*) filter (where in_den)",
            ]
        else:
            picked = [_percentile(rank), "count(*) filter (where in_num)"]
        for name, part in measure.beside.items():
            other = name in self._ranked_alone()
            rank = part.rank or 50
            picked.append(_percentile(rank, name, "in_den") if other else _percentile(rank))
        return picked

    def _ranked_alone(self) -> dict[str, str]:
        """Return the SQL of what is ranked beside a count, by the name it is shown under."""
        measure = self.definition.measure
        return {
            name: AMOUNTS[part.source][part.amount]
            for name, part in measure.beside.items()
            if part.amount and part.amount != measure.formula.num.amount
        }

    def _others(self) -> str:
        return "".join(f", {sql} as {name}" for name, sql in self._ranked_alone().items())


def _key(cut: str, known: str) -> str:
    """Return the SQL of the part that a row belongs to; `own` is the key of an own field."""
    if cut in DIMENSIONS:
        return f"coalesce({DIMENSIONS[cut]}, {NONE})"
    return f"coalesce(case when {known} then records_record.data ->> %(own)s::text end, '')"


def _percentile(rank: int, column: str = "amount", rows: str = "in_num") -> str:
    share = f"{rank / 100:.2f}"
    ranked = f"percentile_cont({share}) within group (order by {column}) filter (where {rows})"
    return f"round({ranked})::bigint"


def compiled(definition: Definition) -> Compiled:
    """Return a definition compiled."""
    measure, formula = definition.measure, definition.measure.formula
    params: dict[str, Any] = {"kind": definition.kind}
    source = formula.num.source
    num = _conditions(source, [*measure.where, *formula.num.where], params)
    den = num
    if formula.den is not None and formula.den.where != formula.num.where:
        den = _conditions(source, [*measure.where, *formula.den.where], params)
    amount = AMOUNTS[source][formula.num.amount] if formula.num.amount else "1"
    return Compiled(definition, base_of(source, formula.period_on), num, den, amount, params)


def _conditions(source: str, conditions: list[list[Any]], params: dict[str, Any]) -> str:
    """Return conditions joined by AND; their values go into `params`."""
    said = []
    for name, operator, value in conditions:
        slot = f"v{len(params)}"
        params[slot] = value
        placed = f"(%({slot})s)" if isinstance(value, list) else f"%({slot})s"
        said.append(f"({FIELDS[source][name].sql}) {OPERATORS[operator]} {placed}")
    return "(" + (" and ".join(said) or "true") + ")"
