"""Statements that the ORM writes once and that are kept with holes for what changes at each call.

Writing a list's statement takes the ORM some four milliseconds of processor time,
ten times what reading the page takes. What decides its text (the reader's
standing, the filter, the sort) is the key under which a caller keeps it, so a
changed grant asks for another statement at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from brigade.kernel.prepared import numbered, rows_numbered


class Hole(NamedTuple):
    """Stands among the parameters of a kept statement for the value given at this place."""

    place: int


class Kept(NamedTuple):
    """A statement with $1, $2 ... and its parameters, some of them holes."""

    text: bytes
    parameters: tuple[Any, ...]

    def rows(self, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run it prepared with `given` in its holes."""
        values = [given[p.place] if type(p) is Hole else p for p in self.parameters]
        return rows_numbered(self.text, values)


def kept(sql: str, parameters: Sequence[Any]) -> Kept:
    """Keep a statement as the ORM writes it, with %s for each parameter."""
    return Kept(numbered(sql), tuple(parameters))


def counted(*queries: QuerySet[Any, Any], cap: int) -> Kept:
    """Keep one statement that counts what each query finds, none of them beyond `cap`."""
    parts: list[str] = []
    parameters: list[Any] = []
    for query in queries:
        asked = written(query.order_by().values("pk")[:cap])
        parts.append(f"(select count(*) from ({asked[0]}) c)" if asked else "0")
        parameters.extend(asked[1] if asked else ())
    return kept("select " + ", ".join(parts), parameters)


def written(query: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]] | None:
    """Return the statement of a query; None where the ORM sees that it can find nothing."""
    try:
        sql, parameters = query.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(parameters)
