"""`brigade audit`: prove that nothing in the journal was changed, and seal it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output

if TYPE_CHECKING:
    from brigade.kernel.records.audit import Fault, Verdict

FAULTS = {
    "entry_missing": "an entry before this one is missing",
    "chain_broken": "this entry does not follow the one before it",
    "entry_forged": "this entry is not what was written",
    "body_forged": "the text of this entry is not what was written",
    "changes_forged": "the changes of this entry are not what was written",
    "erased_unmarked": "something was taken out of this entry without a reason",
    "head_differs": "the record does not end with its newest entry",
    "sealed_entry_differs": "a seal holds another entry in this place",
    "seal_forged": "this seal does not follow from the seals and entries before it",
}

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Prove that nothing in the journal was changed, and seal it.",
)


@app.command()
def verify(json: JsonOption = False) -> None:
    """Recompute every hash and compare chains, heads and seals. Ends with code 1 on a fault."""
    out = Output(json)
    with installation():
        from brigade.kernel.records import audit

        with out.progress("Verifying") as step:
            verdict = audit.verify()
            step()
    out.result({"holds": verdict.holds} | asdict(verdict), _words(verdict))
    if not verdict.holds:
        raise typer.Exit(1)


@app.command()
def seal(json: JsonOption = False) -> None:
    """Store the heads of all chains now and print the root; keep the root somewhere else."""
    out = Output(json)
    with installation():
        from brigade.kernel import instants
        from brigade.kernel.records import audit

        root = audit.seal(at=instants.now()).hex()
    out.result({"root": root}, f"Sealed. Keep this root elsewhere: {root}")


def _words(verdict: Verdict) -> str:
    size = f"{verdict.entries:,} entries in {verdict.chains:,} chains, {verdict.seals:,} seals"
    if verdict.holds:
        return f"Everything is as it was written: {size}."
    lines = [f"NOT as it was written ({size}):", *map(_line, verdict.faults)]
    return "\n".join(lines)


def _line(fault: Fault) -> str:
    return f"  {fault.chain} entry {fault.number}: {FAULTS[fault.code]} ({fault.code})"
