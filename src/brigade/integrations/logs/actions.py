"""Bringing in the history another system kept.

An import is prepared (staged, ordered, planned) and then written case by case
in chunks, each one transaction: killed at any point it leaves whole chunks, and
running it again adds exactly what is missing. Running it a third time adds
nothing.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from brigade.integrations.logs import access, queries, writes
from brigade.integrations.logs.chunks.records.writes import Writing
from brigade.integrations.logs.chunks.writes import write_chunk
from brigade.integrations.logs.clocks import check_clocks, rules_of_map, start_missing_clocks
from brigade.integrations.logs.layout import as_json
from brigade.integrations.logs.mapping import LogMap, plain
from brigade.integrations.logs.models import ImportRun
from brigade.integrations.logs.preparing import Prepared, check_against, open_source, prepare
from brigade.integrations.logs.reading import digest_of
from brigade.integrations.logs.report import ImportReport, Progress, Watch, count_lines
from brigade.kernel import instants
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.names import folded
from brigade.kernel.recipes.queries import recipe_version, version_for
from brigade.kernel.records.writes import number_sequence
from brigade.kernel.refused import Refused
from brigade.kernel.work.names import PLAIN

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

CHUNK_ROWS = 5000
"""Source rows per transaction: about a second of work that a kill can cost."""

PEOPLE_AT_ONCE = 500
"""People per transaction: each takes a lock for its own journal until the commit."""

log = structlog.get_logger(__name__)


def _check(log_map: LogMap) -> None:
    recipe = recipe_version(version_for(log_map.kind))
    check_against(log_map, recipe)
    check_clocks(log_map, recipe)


def _unwatched(_progress: Progress) -> None:
    """Take no notice."""


def preview_import(
    path: Path, log_map: LogMap, *, by: Person, name: str = "", watch: Watch = _unwatched
) -> ImportReport:
    """Report what importing a file would do, and write nothing.

    Raises Invalid (file, map) and NotPermitted. `watch` hears of progress.
    """
    needed(access.may_import(by))
    started = time.monotonic()
    _check(log_map)
    try:
        prepared = prepare(path, log_map, chunk_rows=CHUNK_ROWS, watch=watch)
        people = queries.people_to_make(log_map.source, prepared.people)
        teams = queries.teams_to_make(prepared.teams)
    finally:
        writes.drop_tables()
    rejected, noted = count_lines(prepared.findings)
    return ImportReport(
        file=name or path.name,
        sha256=digest_of(path),
        map=log_map.map,
        source=log_map.source,
        dry_run=True,
        rows=prepared.rows,
        entries_made=prepared.plan.entries_new,
        entries_known=prepared.plan.entries_known,
        records_made=prepared.plan.records_new,
        records_grown=prepared.plan.records_grown,
        rejected=rejected,
        noted=noted,
        people_made=people,
        teams_made=teams,
        seconds=time.monotonic() - started,
        findings=tuple(prepared.findings),
    )


def start_import(path: Path, log_map: LogMap, *, by: Person, name: str = "") -> ImportRun:
    """Note that a file is to be imported; `run_import` does it, here or in a job.

    A run of the same file with the same map that did not finish is taken up
    again, so that an import which was killed goes on instead of beginning anew.
    """
    needed(access.may_import(by))
    _check(log_map)
    open_source(path).close()
    sha256, wanted = digest_of(path), plain(log_map)
    unfinished = (
        ImportRun.objects.filter(sha256=sha256, source=log_map.source, map=wanted)
        .exclude(state=ImportRun.State.FINISHED)
        .order_by("-id")
        .first()
    )
    if unfinished is not None:
        unfinished.path = str(path.resolve())
        unfinished.save(update_fields=["path"])
        return unfinished
    return ImportRun.objects.create(
        file_name=(name or path.name)[:255],
        path=str(path.resolve()),
        sha256=sha256,
        source=log_map.source,
        kind=log_map.kind,
        map_name=log_map.map,
        map=wanted,
        by=by,
        made_at=instants.now(),
    )


def run_import(
    run_id: int, *, watch: Watch = _unwatched, chunk_rows: int = CHUNK_ROWS, os_user: str = ""
) -> ImportReport:
    """Do a noted import to its end and return its report.

    Safe to call again after a kill, and by two at once: the second is refused.
    Raises Refused, Invalid; the run then keeps the reason in `problem`.
    """
    run = ImportRun.objects.select_related("by").get(pk=run_id)
    started = time.monotonic()
    with writes.only_import_of(run.source) as held:
        if not held:
            raise Refused(
                "import_running",
                _("Another import from “%(source)s” is running. Wait until it has ended.")
                % {"source": run.source},
            )
        try:
            report = _run(run, watch, chunk_rows, os_user)
        except Refused as refusal:
            _end(run, ImportRun.State.FAILED, problem=refusal.message)
            raise
        except Exception:
            log.exception("import_failed", run=run.pk)
            _end(run, ImportRun.State.FAILED, problem=_("It stopped; the server's log says why."))
            raise
        finally:
            writes.drop_tables()
    object.__setattr__(report, "seconds", time.monotonic() - started)
    return report


def _run(run: ImportRun, watch: Watch, chunk_rows: int, os_user: str) -> ImportReport:
    log_map = LogMap.model_validate(run.map)
    version_id = version_for(run.kind)
    check_clocks(log_map, recipe_version(version_id))
    _update(
        run, state=ImportRun.State.RUNNING, phase="reading", started_at=instants.now(), problem=""
    )
    prepared = prepare(Path(run.path), log_map, chunk_rows=chunk_rows, watch=watch)
    rejected, noted = count_lines(prepared.findings)
    already = run.entries_made
    with transaction.atomic():
        writes.write_findings(run.pk, prepared.findings)
        _update(
            run,
            phase="writing",
            rows=prepared.rows,
            rejected=rejected,
            noted=noted,
            done=0,
            total=prepared.plan.entries_new,
            entries_known=max(prepared.plan.entries_known - already, 0),
        )
    _make_parties(run, log_map, prepared, os_user)
    _write(run, _writing(run, version_id, prepared, log_map), prepared, watch)
    start_missing_clocks(log_map)
    writes.analyze()
    _end(run, ImportRun.State.FINISHED)
    return _report(run, prepared)


def _make_parties(run: ImportRun, log_map: LogMap, prepared: Prepared, os_user: str) -> None:
    """Make the people and teams that the file names and nobody has made yet."""
    at = instants.now()
    for start in range(0, len(prepared.people), PEOPLE_AT_ONCE):
        names = [(name, folded(name)) for name in prepared.people[start : start + PEOPLE_AT_ONCE]]
        with acting(run.by, os_user=os_user, origin="import"):
            made = writes.make_people(run.source, names, at)
            _update(run, people_made=run.people_made + made)
    with acting(run.by, os_user=os_user, origin="import"):
        made = writes.make_teams(
            prepared.teams, _("Came with the import “%(map)s”.") % {"map": log_map.title}
        )
        _update(run, teams_made=run.teams_made + made)
    writes.match_names(run.source, prepared.teams)


def _writing(run: ImportRun, version_id: int, prepared: Prepared, log_map: LogMap) -> Writing:
    recipe = recipe_version(version_id)
    given = recipe.default_values({"state": recipe.initial})
    defaults = {name: value for name, value in given.items() if name not in PLAIN}
    return Writing(
        source=run.source,
        kind=run.kind,
        prefix=recipe.prefix,
        sequence=number_sequence(run.kind),
        recipe_version_id=version_id,
        initial=recipe.initial,
        categories={key: state.category for key, state in recipe.states.items()},
        defaults="{" + ",".join(f"{as_json(k)}:{_plain(v)}" for k, v in defaults.items()) + "}",
        targets=prepared.layout.targets,
        clocks=rules_of_map(log_map),
        matrix=recipe.priority.matrix,
    )


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        "null" if value is None else str(value) if isinstance(value, int) else as_json(str(value))
    )


def _write(run: ImportRun, writing: Writing, prepared: Prepared, watch: Watch) -> None:
    """Write chunk after chunk, each with its count in one transaction."""
    total = prepared.plan.entries_new
    watch(Progress("writing", 0, total))
    for chunk in range(prepared.plan.chunks):
        with transaction.atomic():
            written = write_chunk(chunk, writing)
            _update(
                run,
                done=run.done + written.entries,
                entries_made=run.entries_made + written.entries,
                records_made=run.records_made + written.records_made,
                records_grown=run.records_grown + written.records_grown,
            )
        watch(Progress("writing", run.done, total))


def _update(run: ImportRun, **values: Any) -> None:
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=list(values))


def _end(run: ImportRun, state: ImportRun.State, problem: str = "") -> None:
    _update(run, state=state, phase="", problem=problem, finished_at=instants.now())


def _report(run: ImportRun, prepared: Prepared) -> ImportReport:
    return ImportReport(
        file=run.file_name,
        sha256=run.sha256,
        map=run.map_name,
        source=run.source,
        dry_run=False,
        rows=run.rows,
        entries_made=run.entries_made,
        entries_known=run.entries_known,
        records_made=run.records_made,
        records_grown=run.records_grown,
        rejected=run.rejected,
        noted=run.noted,
        people_made=run.people_made,
        teams_made=run.teams_made,
        run=run.pk,
        findings=tuple(prepared.findings),
    )
