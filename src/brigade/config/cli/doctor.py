"""`brigade doctor`: is everything well, and if not, what to do."""

from __future__ import annotations

from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output
from brigade.config.database import DatabaseUnavailable
from brigade.config.findings import Finding

SIGNS = {"good": ("good", "green"), "notice": ("notice", "yellow"), "bad": ("BAD", "bold red")}


def command(json: JsonOption = False) -> None:
    """Look at everything that can be wrong. Ends with code 1 when something is."""
    out = Output(json)
    findings: list[Finding] = []
    try:
        with installation(migrated=False):
            from brigade.config import checks

            with out.progress("Looking") as step:
                for finding in checks.examine():
                    findings.append(finding)
                    step()
    except DatabaseUnavailable as error:
        findings.append(Finding("database", "bad", str(error.message)))
    well = all(finding.state != "bad" for finding in findings)
    out.result({"well": well, "findings": [asdict(each) for each in findings]}, _table(findings))
    if not well:
        raise typer.Exit(1)


def _table(findings: list[Finding]) -> str:
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        words, style = SIGNS[finding.state]
        said = f"{finding.found}\n  {finding.advice}" if finding.advice else finding.found
        table.add_row(Text(words, style), Text(finding.about), Text(said))
    console = Console(highlight=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip()
