"""The words of `brigade import` that read CSV: people, teams, organisations, services."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output
from brigade.kernel.refused import Hidden

if TYPE_CHECKING:
    from brigade.kernel.parties.tables import ImportReport

FileArgument = Annotated[Path, typer.Argument(help="The CSV file, or - for standard input.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; keep nothing.")]

HELP = {
    "people": "Add and change people, matched by mail address. Roles never come from a file.",
    "teams": "Add and change teams, matched by name.",
    "organisations": "Add and change organisations, matched by code.",
    "services": "Add and change services, matched by code.",
    "offerings": "Add and change offerings, matched by service and code.",
}


def register(app: typer.Typer) -> None:
    """Add these words to the `import` command."""
    for what, words in HELP.items():
        app.command(what, help=f"{words} All rows or none.")(_command(what))


def _command(what: str) -> Callable[..., None]:
    def command(file: FileArgument, dry_run: DryRun = False, json: JsonOption = False) -> None:
        data = content(file)
        with installation() as here:
            report = _importers()[what](
                data, by=here.operator, dry_run=dry_run, os_user=here.os_user
            )
            Output(json).result(report.as_dict(), lambda: in_words(report, what))
        if report.errors:
            raise typer.Exit(1)

    return command


def content(file: Path) -> bytes:
    """Return the bytes of a file or of standard input; Hidden where there is none."""
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as fault:
        raise Hidden("no_such_file", f"{file} cannot be read: {fault.strerror}.") from fault


def _importers() -> dict[str, Callable[..., ImportReport]]:
    from brigade.kernel.parties import csv_groups, csv_people
    from brigade.kernel.services import csv_services

    return {
        "people": csv_people.import_people,
        "teams": csv_groups.import_teams,
        "organisations": csv_groups.import_organisations,
        "services": csv_services.import_services,
        "offerings": csv_services.import_offerings,
    }


def in_words(report: ImportReport, what: str) -> str:
    """Return a report as lines for people, errors by line first."""
    lines = [
        f"Line {error.line}{f', {error.column}' if error.column else ''}: {error.message}"
        for error in report.errors
    ]
    lines += report.notes
    if report.errors:
        return "\n".join([*lines, f"Nothing was written. Errors: {len(report.errors)}."])
    done = "Would be" if report.dry_run else f"{what.capitalize()}:"
    lines.append(
        f"{done} {report.created} created, {report.changed} changed, {report.unchanged} unchanged."
    )
    return "\n".join(lines)
