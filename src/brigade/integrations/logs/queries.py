"""Reads of the importer: what an import would do, and how its runs went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from brigade.integrations.logs.access import may_read_imports
from brigade.integrations.logs.findings import Finding, sentence
from brigade.integrations.logs.mapping import LogMap
from brigade.integrations.logs.models import ImportLine, ImportRun
from brigade.integrations.logs.writes import plain_cursor

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

LINES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What the ordered rows come to, before anything is written."""

    entries_new: int
    entries_known: int
    records_new: int
    records_grown: int
    chunks: int


def plan() -> Plan:
    """Count what the staged rows would add; needs `put_in_order` and `cut_into_chunks`."""
    with plain_cursor() as cursor:
        cursor.execute(
            """
            select (select count(*) from logs_order where not known and refused = ''),
                (select count(*) from logs_order where known),
                (select count(*) from logs_case where record_id is null),
                (select count(*) from logs_case where record_id is not null),
                (select coalesce(max(chunk), -1) + 1 from logs_case)
            """
        )
        row = cursor.fetchone()
    assert row is not None
    return Plan(*(int(value) for value in row))


def refused_rows() -> list[tuple[int, str, str]]:
    """Return (line, case, code) of rows that cannot join the case they belong to."""
    with plain_cursor() as cursor:
        cursor.execute(
            "select line, case_id, refused from logs_order where refused <> '' order by line, part"
        )
        return [(int(line), str(case), str(code)) for line, case, code in cursor.fetchall()]


def people_to_make(source: str, names: list[str]) -> int:
    """Return how many of these names stand for nobody yet."""
    with plain_cursor() as cursor:
        cursor.execute(
            """
            select count(*) from unnest(%s::text[]) as w(name)
            where not exists (select 1 from logs_importedperson i
                    where i.source = %s and i.name = w.name)
                and not exists (select 1 from parties_person p
                    where p.email = lower(w.name) and not p.is_system)
            """,
            [names, source],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def teams_to_make(names: list[str]) -> int:
    """Return how many of these names are no team's yet."""
    with plain_cursor() as cursor:
        cursor.execute(
            """
            select count(distinct lower(w.name)) from unnest(%s::text[]) as w(name)
            where not exists (select 1 from parties_team t where lower(t.name) = lower(w.name))
            """,
            [names],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def imported_zone(source: str | None = None) -> str | None:
    """Return the time zone of the newest finished import's map, or None where there is none."""
    runs = ImportRun.objects.filter(state=ImportRun.State.FINISHED)
    if source:
        runs = runs.filter(source=source)
    newest = runs.order_by("-made_at", "-id").values_list("map", flat=True).first()
    return None if newest is None else str(newest.get("zone", "UTC"))


def imports_visible_to(person: Person) -> QuerySet[ImportRun]:
    """Return the runs a person may look at, newest first."""
    runs = ImportRun.objects.select_related("by").order_by("-made_at", "-id")
    return runs if may_read_imports(person) else runs.none()


def maps_with_clocks() -> dict[str, LogMap]:
    """Return, by source, the map whose clocks measure the records of that source.

    It is the newest that something was imported with; an import whose clocks
    differ is refused, so that there is never a question which rule made a clock.
    """
    wrote = Q(entries_made__gt=0) | Q(state=ImportRun.State.FINISHED)
    runs = ImportRun.objects.filter(wrote, map__has_key="clocks")
    newest = runs.order_by("source", "-id").distinct("source").values_list("source", "map")
    return {source: LogMap.model_validate(log_map) for source, log_map in newest}


@dataclass(frozen=True, slots=True)
class LineOnPage:
    """A finding in the words of the page; `after` starts the next page."""

    line: int
    column: str
    code: str
    sentence: str
    taken: bool
    after: tuple[int, int]


def lines_of(run: ImportRun, after: tuple[int, int] = (0, 0)) -> list[LineOnPage]:
    """Return the next page of what a run found, by line; `after` is (line, id) of the last shown.

    Whoever may see the run may see its lines.
    """
    rows = ImportLine.objects.raw(
        """
        select * from logs_importline where run_id = %s and (line, id) > (%s, %s)
        order by line, id limit %s
        """,
        [run.pk, *after, LINES_A_PAGE],
    )
    return [
        LineOnPage(
            row.line, row.column, row.code, sentence(row.code, row.value), row.taken,
            (row.line, row.pk),
        )
        for row in rows
    ]  # fmt: skip


def findings_of(run: ImportRun) -> list[Finding]:
    """Return everything a run found, for a report that is read by programs."""
    rows = run.lines.order_by("line", "id").values_list("line", "column", "code", "value", "taken")
    return [Finding(*row) for row in rows]
