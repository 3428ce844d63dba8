"""`brigade export`: people, teams, organisations, services and offerings as CSV.

Each file is what `brigade import` of the same word takes back unchanged.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Write what there is as CSV.")

Target = Annotated[Path, typer.Argument(help="The file to write, or - for standard output.")]


def _exporters() -> dict[str, Callable[..., str]]:
    from brigade.kernel.parties import csv_groups, csv_people
    from brigade.kernel.services import csv_services

    return {
        "people": csv_people.export_people,
        "teams": csv_groups.export_teams,
        "organisations": csv_groups.export_organisations,
        "services": csv_services.export_services,
        "offerings": csv_services.export_offerings,
    }


def _command(what: str) -> Callable[..., None]:
    def command(file: Target = Path("-"), json: JsonOption = False) -> None:
        with installation() as here:
            text = _exporters()[what](by=here.operator)
        if str(file) == "-" and not json:
            sys.stdout.buffer.write(text.encode())
            return
        if str(file) == "-":
            Output(json).result({"csv": text}, "")
            return
        file.write_bytes(text.encode())
        rows = max(text.count("\r\n") - 1, 0)
        Output(json).result({"file": str(file), "lines": rows}, f"{file}: {rows} lines.")

    return command


for _what in ("people", "teams", "organisations", "services", "offerings"):
    app.command(_what, help=f"Write {_what} as CSV.")(_command(_what))
