"""Running a compiled measure: its value for periods, cut or whole, and the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import DEFAULT_DB_ALIAS, connection

from brigade.kernel.measures.compile import NONE, compiled
from brigade.kernel.measures.dimensions import Of, own_dimension
from brigade.kernel.measures.periods import Period
from brigade.kernel.measures.reading import Definition
from brigade.kernel.recipes.models import RecipeVersion
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import Standing, records_visible_to, scope
from brigade.kernel.records.models import Record
from brigade.kernel.records.models.record import OPEN_CATEGORIES

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from brigade.kernel.parties.models import Person

LIMIT = 50
"""Rows of one page behind a figure."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: `num` over `den`, or a percentile (`den` None), of `n` rows."""

    num: int | None = None
    den: int | None = None
    n: int = 0
    beside: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row behind a figure: the record, its instant, and what it adds."""

    record_id: int
    at: datetime
    amount: int


def counted(
    definition: Definition,
    periods: Sequence[Period],
    *,
    person: Person | None,
    as_of: datetime,
    cut: str | None = None,
    whole: bool = False,
) -> dict[tuple[str, Of], Counted]:
    """Return what is counted for contiguous periods, by period and part of the dimension.

    Uncut, the part is 0; cut, 0 is "none given", and "" of an own field. Without a
    person everything is counted. `whole` takes the periods for one, named as the last
    of them, as a percentile over several is ranked anew.
    """
    made = compiled(definition)
    seen, known, params = _reach(person, definition, cut)
    given = {**made.params, **params, **_bounds(definition, periods, as_of, whole=whole)}
    found: dict[tuple[str, Of], Counted] = {}
    for period, key, num, n, *beside in _run(made.values(cut, seen, known), given):
        name = periods[-1 if whole else int(period) - 1].key
        den = None if definition.measure.formula.den is None else int(n)
        ranks = dict(zip(definition.measure.beside, beside, strict=True))
        found[name, key] = Counted(num, den, int(n), ranks)
    if cut is None:
        for period in [periods[-1]] if whole else periods:
            found.setdefault((period.key, NONE), _nothing(definition))
    return found


def _nothing(definition: Definition) -> Counted:
    if definition.measure.formula.den is None:
        return Counted()
    return Counted(0, 0, 0, dict.fromkeys(definition.measure.beside))


def rows_behind(
    definition: Definition,
    period: Period,
    part: str,
    *,
    person: Person | None,
    as_of: datetime,
    cut: tuple[str, Of] | None = None,
    after: tuple[datetime, int] | None = None,
) -> list[Row]:
    """Return the rows of a numerator or denominator, newest first, `LIMIT` + 1 at most."""
    made = compiled(definition)
    seen, known, params = _reach(person, definition, cut[0] if cut else None)
    at, beyond = after or (datetime(9999, 1, 1, tzinfo=UTC), 0)
    given = {
        **made.params, **params, **_bounds(definition, [period], as_of, whole=False),
        "after_at": at, "after_id": beyond, "limit": LIMIT + 1, "key": cut[1] if cut else NONE,
    }  # fmt: skip
    statement = made.rows(part, cut[0] if cut else None, seen, known)
    return [Row(int(one), at, int(amount)) for one, at, amount in _run(statement, given)]


def _bounds(
    definition: Definition, periods: Sequence[Period], as_of: datetime, *, whole: bool
) -> dict[str, Any]:
    """Return the parameters that say which periods, and what each state of a recipe is."""
    bounds = [period.start for period in periods] + [periods[-1].end]
    if whole:
        bounds = [bounds[0], bounds[-1]]
    ends = [min(end, as_of) for _start, end in pairwise(bounds)]
    states = _states(definition.kind) if compiled(definition).base.before else {}
    return {
        "bounds": bounds[:-1], "first": bounds[0], "last": bounds[-1],
        "ends": ends, "first_end": ends[0], "as_of": as_of,
        **states,
    }  # fmt: skip


def _states(kind: str) -> dict[str, list[str]]:
    """Return what each state of every recipe a kind ever ran is: open, resolved, ended."""
    rows = RecipeVersion.objects.filter(effective__record__kind=kind).order_by("pk")
    known = [
        (f"{version}:{state.key}", state.category)
        for version in rows.values_list("pk", flat=True)
        for state in recipe_version(version).states.values()
    ]
    return {
        name: [state for state, category in known if category in among]
        for name, among in (
            ("open_states", OPEN_CATEGORIES),
            ("resolved_states", ("resolved", "closed")),
            ("ended_states", ("resolved", "closed", "cancelled")),
        )
    }


def _reach(
    person: Person | None, definition: Definition, cut: str | None
) -> tuple[str, str, dict[str, Any]]:
    """Return the clauses of what a person may see, and of which rows they know an own field."""
    own = own_dimension(definition, cut)
    if person is None:
        return "true", "true", {"own": own.field.key} if own else {}
    seen, params = _clause(records_visible_to(person), "s")
    if own is None:
        return seen, "true", params
    params["own"] = own.field.key
    if own.field.public:
        return seen, "true", params
    inside = Record.objects.filter(scope(Standing.of(person), "internal"))
    known, more = _clause(inside, "i")
    return seen, known, params | more


def _clause(records: QuerySet[Record], letter: str) -> tuple[str, dict[str, Any]]:
    """Return the condition of a query over `records_record`, its parameters by name."""
    query = records.query
    try:
        sql, params = query.get_compiler(DEFAULT_DB_ALIAS).compile(query.where)
    except EmptyResultSet:
        return "false", {}
    except FullResultSet:
        return "true", {}
    names = [f"{letter}{place}" for place in range(len(params))]
    pieces = sql.split("%s")
    text = pieces[0] + "".join(
        f"%({name})s{piece}" for name, piece in zip(names, pieces[1:], strict=True)
    )
    return f"({text})", dict(zip(names, params, strict=True))


def _run(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
