"""`brigade import log`: the history another system kept, as records and their journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output

if TYPE_CHECKING:
    from brigade.integrations.logs.report import ImportReport, Progress

SHOWN = 20
WHAT = {"reading": "Reading (KiB)", "checking": "Checking", "writing": "Writing (entries)"}


def command(
    file: Annotated[Path, typer.Argument(help="A CSV file, plain or gzipped.")],
    map_: Annotated[
        str, typer.Option("--map", help="The name of a shipped map, or the path of your own.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Report the same and write nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Import a log: every row becomes a journal entry or a reported line.

    Importing the same file again changes nothing; an import that was
    interrupted goes on where it stopped.
    """
    out = Output(json)
    with installation() as here:
        from brigade.integrations.logs import actions
        from brigade.integrations.logs.map_file import load_map

        log_map = load_map(map_)
        with _watch(out) as watch:
            if dry_run:
                report = actions.preview_import(file, log_map, by=here.operator, watch=watch)
            else:
                run = actions.start_import(file, log_map, by=here.operator)
                report = actions.run_import(run.pk, watch=watch, os_user=here.os_user)
        out.result(report.as_json(), lambda: _words(report))


@contextmanager
def _watch(out: Output) -> Iterator[Callable[[Progress], None]]:
    """Turn the importer's progress into one bar per phase."""
    with ExitStack() as stack:
        phase, step, done = "", None, 0

        def watch(progress: Progress) -> None:
            nonlocal phase, step, done
            unit = 1024 if progress.phase == "reading" else 1
            if progress.phase != phase or step is None:
                stack.close()
                phase, done = progress.phase, 0
                step = stack.enter_context(out.progress(WHAT[phase]))
            now = progress.done // unit
            step(now - done, total=-(-progress.total // unit))
            done = now

        yield watch


def _words(report: ImportReport) -> str:
    from brigade.integrations.logs.findings import sentence

    verb = "would become" if report.dry_run else "became"
    lines = [
        f"{report.rows} rows of {report.file}: {report.entries_made} {verb} journal entries,"
        f" {report.entries_known} were here already, {report.rejected} not taken,"
        f" {report.noted} taken with a remark.",
        f"{report.records_made} new records, {report.records_grown} grown,"
        f" {report.people_made} people, {report.teams_made} teams."
        f" {report.seconds:.1f} s, {report.rows / max(report.seconds, 0.001):.0f} rows/s.",
    ]
    for found in report.findings[:SHOWN]:
        place = f"line {found.line}" + (f", {found.column}" if found.column else "")
        lines.append(f"  {place}: {sentence(found.code, found.value)}")
    more = len(report.findings) - SHOWN
    if more > 0:
        lines.append(f"  and {more} more; --json lists them all.")
    return "\n".join(lines)
