"""`brigade import`: what comes in from elsewhere."""

from __future__ import annotations

import typer

from brigade.config.cli import import_csv, import_log

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.command("log")(import_log.command)


@app.callback()
def _imports() -> None:
    """Bring in history and master data from files."""


import_csv.register(app)
