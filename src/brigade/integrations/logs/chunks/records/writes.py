"""The record of each case of a chunk: composed from its rows as they lie in `logs_row`.

Facts come from a case's last row in the order of the file; the state and the
instants of its categories come from the rows in the map's order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from brigade.integrations.logs.layout import Target
from brigade.kernel.clocks.engine import Rule

COLUMNS = {
    "category": "text",
    "channel": "text",
    "impact": "smallint",
    "urgency": "smallint",
    "priority": "smallint",
    "requester": "bigint",
    "assignee": "bigint",
    "opened_by": "bigint",
    "team": "bigint",
}
"""Columns of a record that a map may name, with their PostgreSQL types."""

INSTANTS = ("opened_at", "resolved_at", "closed_at")
TOLD_BY_THE_WAY = ("source_state",)


@dataclass(frozen=True)
class Writing:
    """What every chunk of an import needs to know.

    `categories` maps the states of the recipe to theirs; `defaults` is the JSON
    of the recipe's fields as a fresh record has them; `clocks` are the rules of
    the clocks that the map starts.
    """

    source: str
    kind: str
    prefix: str
    sequence: str
    recipe_version_id: int
    initial: str
    categories: Mapping[str, str]
    defaults: str
    targets: Sequence[Target]
    clocks: Sequence[Rule] = ()
    matrix: Mapping[int, Sequence[int]] = field(default_factory=dict)


_FACTS = """
with category_of(state, category) as (values {categories}),
span as (
    select w.record_id, min(w.at) as first_at, max(w.at) as last_at,
        min(w.at) filter (where entered.category = 'active') as active_at,
        max(w.at) filter (where entered.category = 'waiting') as waiting_at,
        max(w.at) filter (where entered.category = 'resolved') as resolved_at,
        max(w.at) filter (where entered.category in ('closed', 'cancelled')) as closed_at
    from logs_row w left join category_of entered
        on entered.state = w.state_now and w.state_now is distinct from w.state_was
    group by w.record_id
), newest as (
    select distinct on (record_id) record_id, state_now, waits_now
    from logs_row order by record_id, n desc
), f as (
    select l.record_id, l.made, l.record_number, l.case_id, l.title, l.description,
        newest.state_now as state,
        category_of.category as state_category, {columns}, {priority_fact} as priority_fact,
        coalesce({opened_at}, span.first_at) as opened_at, span.active_at, span.waiting_at,
        {resolved_at} as resolved_at, {closed_at} as closed_at,
        span.last_at as updated_at, e.number as entries, e.hash as head,
        {defaults}::jsonb || {fields}
            || case when newest.waits_now is null then '{{}}'::jsonb
                else jsonb_build_object('waiting_reason', newest.waits_now) end
            || jsonb_build_object('facts', {facts}, 'source', {source}) as data
    from logs_row l
    join newest on newest.record_id = l.record_id
    join span on span.record_id = l.record_id
    join logs_entry e on e.record_id = l.record_id and e.from_end = 1
    join category_of on category_of.state = newest.state_now
    where l.from_end = 1
)
"""

_PLAIN = (
    "title", "description", "state", "state_category", "priority_fact", "opened_at", "active_at",
    "waiting_at", "resolved_at", "closed_at", "updated_at", "head", "entries",
)  # fmt: skip


def new_records(writing: Writing) -> Composed:
    """Compose the statement that inserts the records of new cases."""
    columns = [(name, name) for name in _PLAIN] + [(_column(name), name) for name in COLUMNS]
    return _facts(writing) + SQL(
        """
        insert into records_record (id, number, kind, source, source_id, recipe_version_id,
            version, confidential, ci_kind, timer, timer_due, next_due, data, {names})
        select f.record_id, f.record_number, {kind}, {source}, f.case_id, {recipe}, f.entries,
            false, '', '', '9999-01-01Z', '9999-01-01Z', {data}, {values}
        from f where f.made order by f.record_id
        """
    ).format(
        names=_list(Identifier(column) for column, _name in columns),
        values=_list(SQL("f.{}").format(Identifier(name)) for _column_, name in columns),
        data=_data(writing),
        kind=Literal(writing.kind),
        source=Literal(writing.source),
        recipe=Literal(writing.recipe_version_id),
    )


def grown_records(writing: Writing) -> Composed:
    """Compose the statement that brings records up to the rows they were given."""
    columns = [(name, name) for name in _PLAIN] + [(_column(name), name) for name in COLUMNS]
    return _facts(writing) + SQL(
        """
        update records_record r set version = f.entries, data = {data}, {pairs}
        from f where r.id = f.record_id and not f.made
        """
    ).format(
        data=_data(writing),
        pairs=_list(
            SQL("{} = f.{}").format(Identifier(column), Identifier(name))
            for column, name in columns
        ),
    )


def _data(writing: Writing) -> Composable:
    """Compose a record's data, marked where the source's priority is not the matrix's."""
    if not writing.matrix:
        return SQL("f.data")
    cells = [
        SQL("({}, {}, {})").format(Literal(impact), Literal(urgency), Literal(priority))
        for impact, row in writing.matrix.items()
        for urgency, priority in enumerate(row, start=1)
    ]
    return SQL(
        "f.data || case when num_nulls(f.impact, f.urgency, f.priority) = 0"
        " and (f.impact, f.urgency, f.priority) not in ({})"
        """ then '{{"off_matrix": true}}'::jsonb else '{{}}'::jsonb end"""
    ).format(_list(cells))


def _list(parts: Iterable[Composable]) -> Composed:
    return SQL(", ").join(parts)


def _column(name: str) -> str:
    return f"{name}_id" if COLUMNS[name] == "bigint" else name


def _facts(writing: Writing) -> Composed:
    """Compose what a case's rows come to: `f` holds one row per record, with every column."""
    names = {target.path: f"t{number}" for number, target in enumerate(writing.targets)}
    instants = {
        name: _fact(names, name, "timestamptz")
        if name in names
        else SQL("span.{}").format(Identifier("first_at" if name == "opened_at" else name))
        for name in INSTANTS
    }
    return SQL(_FACTS).format(
        **instants,
        categories=_list(
            SQL("({0}, {1})").format(Literal(state), Literal(category))
            for state, category in writing.categories.items()
        ),
        columns=_list(
            _fact(names, name, kind) + SQL(" as {}").format(Identifier(name))
            for name, kind in COLUMNS.items()
        ),
        priority_fact=SQL("left({}, 60)").format(_fact(names, "facts.priority", "text")),
        defaults=Literal(writing.defaults),
        fields=_object(names, _field),
        facts=_object(names, _below("facts.")),
        source=_object(names, _below("source.")),
    )


def _fact(names: Mapping[str, str], path: str, kind: str) -> Composed:
    """Compose a record's column out of the JSON text of its target."""
    if path not in names:
        return SQL("''" if kind == "text" else "null::{}").format(SQL(kind))
    value = SQL("(l.{}::jsonb #>> '{{}}')::{}").format(Identifier(names[path]), SQL(kind))
    return SQL("coalesce({}, '')").format(value) if kind == "text" else value


def _field(path: str) -> str | None:
    """Return the key in `data` of a target that is a field of the recipe."""
    inside = path in COLUMNS or path in INSTANTS or "." in path
    return None if inside else path


def _below(prefix: str) -> Callable[[str], str | None]:
    return lambda path: path.removeprefix(prefix) if path.startswith(prefix) else None


def _object(names: Mapping[str, str], key_of: Callable[[str], str | None]) -> Composable:
    """Compose a JSON object of the targets that have a key, without those that are null."""
    parts = [
        SQL("case when l.{0} is not null then {1} || l.{0} end").format(
            Identifier(name), Literal(json.dumps(key, ensure_ascii=False) + ":")
        )
        for path, name in names.items()
        if (key := key_of(path)) is not None
    ]
    if not parts:
        return SQL("'{{}}'::jsonb").format()
    return SQL("('{{' || array_to_string(array[{0}], ',') || '}}')::jsonb").format(_list(parts))
