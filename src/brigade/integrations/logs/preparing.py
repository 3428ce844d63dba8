"""The first half of an import: read, stage, order, plan. Writes no row that stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from brigade.integrations.logs import queries, writes
from brigade.integrations.logs.findings import Finding
from brigade.integrations.logs.layout import Layout, lay_out
from brigade.integrations.logs.mapping import LogMap
from brigade.integrations.logs.reading import BadLine, Row, Source, read_rows
from brigade.integrations.logs.report import Progress, Watch
from brigade.integrations.logs.staging import Stager, staging_columns
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.refused import Invalid

WIDEST = 400
"""Columns a file may have."""

EVERY = 2000
"""Rows between two reports of progress."""


@dataclass(frozen=True)
class Prepared:
    """A file that lies ordered in the import's own tables, and what came of reading it."""

    layout: Layout
    rows: int
    findings: list[Finding]
    people: list[str]
    teams: list[str]
    plan: queries.Plan


def prepare(path: Path, log_map: LogMap, *, chunk_rows: int, watch: Watch) -> Prepared:
    """Stage a file and work out what it would add; raise Invalid where it cannot be read."""
    writes.drop_tables()
    source = open_source(path)
    try:
        rows = read_rows(source, log_map.encoding, log_map.delimiter)
        layout = lay_out(log_map, _header(rows))
        stager = Stager(log_map, layout)
        watched = _watched(stager.staged(rows), source, watch)
        writes.stage(staging_columns(log_map, layout), watched)
    finally:
        source.close()
    watch(Progress("checking", 0, 1))
    findings = stager.findings
    findings += _repeated(keep=log_map.rows.repeated == "keep")
    order = [f"o{number}" for number in range(len(log_map.rows.order))]
    writes.put_in_order(log_map.source, order or ([] if log_map.rows.at else ["at"]))
    findings += _refused()
    writes.cut_into_chunks(chunk_rows)
    findings.sort(key=lambda found: found.line)
    people, teams = sorted(stager.people), sorted(stager.teams)
    return Prepared(layout, stager.rows, findings, people, teams, queries.plan())


def open_source(path: Path) -> Source:
    """Open a log file; raise Invalid where there is none."""
    try:
        return Source(path)
    except OSError as error:
        raise Invalid(
            "no_file",
            _("The file “%(path)s” cannot be opened: %(problem)s.")
            % {"path": path, "problem": error.strerror},
            "file",
        ) from error


def _header(rows: Iterator[Row | BadLine]) -> list[str]:
    first = next(rows, None)
    if not isinstance(first, Row):
        raise Invalid("no_header", _("The file does not begin with a row of column names."), "file")
    if len(first.cells) > WIDEST:
        raise Invalid(
            "too_wide", _("The file has more than %(most)d columns.") % {"most": WIDEST}, "file"
        )
    return first.cells


def _watched(
    items: Iterator[tuple[Any, ...]], source: Source, watch: Watch
) -> Iterator[tuple[Any, ...]]:
    for number, item in enumerate(items):
        if number % EVERY == 0:
            watch(Progress("reading", source.position, source.size))
        yield item


def _repeated(*, keep: bool) -> list[Finding]:
    return [
        Finding(line, "", "repeated", "", keep)
        for line, _rows in writes.take_out_repeated(keep=keep)
    ]


def _refused() -> list[Finding]:
    found = dict.fromkeys(queries.refused_rows())
    return [Finding(line, "", code, case[:200], False) for line, case, code in found]


def check_against(log_map: LogMap, recipe: CompiledRecipe) -> None:
    """Refuse a map that speaks of states, fields or reasons the recipe does not have."""
    problems = [
        _("%(place)s: the recipe has no state “%(state)s”; its states are %(states)s.")
        % {"place": place, "state": state, "states": ", ".join(recipe.states)}
        for state, place in log_map.states_named().items()
        if state not in recipe.states
    ]
    problems += [
        _("fields.%(field)s: the recipe has no such field; its fields are %(fields)s.")
        % {"field": name, "fields": ", ".join(recipe.fields)}
        for name in log_map.fields
        if name not in recipe.fields
    ]
    field = recipe.fields.get("waiting_reason")
    reasons = [str(choice) for choice in field.of] if field else []
    for value, meaning in (log_map.state.values if log_map.state else {}).items():
        if meaning.waits_for is not None and meaning.waits_for not in reasons:
            problems.append(
                _("state.values.%(value)s: waits_for is one of %(reasons)s.")
                % {"value": value, "reasons": ", ".join(reasons)}
            )
    if problems:
        raise Invalid("map_invalid", "\n".join(problems), "map")
