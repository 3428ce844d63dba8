"""`brigade recipe simulate`: the past driven through a draft or an overlay, without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output

if TYPE_CHECKING:
    from brigade.kernel.recipes.overlay import Operation
    from brigade.kernel.work.simulation.replay import Replay

MOST_ROWS = 20
PLAIN = (
    "key", "version", "days", "since", "until", "whole", "left_out", "records", "moves", "blocked",
    "blocked_moves", "reasons", "extra_approvals", "clicks", "clocks", "moved_due",
    "broken_before", "broken_after", "newly_broken", "no_longer_broken",
)  # fmt: skip


def simulate(
    key: Annotated[str, typer.Argument(help="The key of a practice, such as incident.")],
    overlay: Annotated[
        Path | None,
        typer.Option(help="A file of operations, or - for standard input; default: the draft."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days of the past.")] = 90,
    level: Annotated[
        int | None, typer.Option(min=1, max=3, help="Level of adoption; default: the running one.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Drive the last days of journals through a draft: what it would have refused, asked, promised.

    Nothing is written. Exit code 1 where more than 5 percent of the records are blocked.
    """
    out = Output(json)
    operations = _operations(overlay)
    with installation() as here:
        from brigade.kernel.work.simulation import simulating

        found = simulating.simulate(
            key, by=here.operator, overlay=operations, level=level, days=days
        )
        data = _data(found)
    out.result(data, lambda: _words(data))
    if found.blocked_share.exceeds(5):
        raise typer.Exit(1)


def _operations(file: Path | None) -> Sequence[Operation] | None:
    if file is None:
        return None
    import sys

    from brigade.kernel.recipes.errors import RecipeError
    from brigade.kernel.recipes.overlay_text import read_text
    from brigade.kernel.refused import Hidden, Invalid

    try:
        text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return read_text(text).operations
    except OSError as fault:
        raise Hidden("no_such_file", f"{file} cannot be read: {fault.strerror}.") from fault
    except RecipeError as fault:
        raise Invalid("bad_overlay", str(fault), "overlay") from fault


def _data(found: Replay) -> dict[str, Any]:
    rows = [
        {
            "number": found.numbers[one.record][0],
            "at": one.at,
            "state": one.state,
            "transition": one.transition,
            "reason": one.reason,
            "field": one.field,
        }
        for one in found.blocks
    ]
    loads = [
        {"role": one.role, "asked": one.asked, "people": one.people,
         "minutes_a_week": one.minutes_a_week}
        for one in found.loads
    ]  # fmt: skip
    plain = {name: getattr(found, name) for name in PLAIN}
    return plain | {"reasons": dict(found.reasons), "loads": loads, "blocks": rows}


def _words(data: dict[str, Any]) -> str:
    share = 100 * data["blocked"] / data["records"] if data["records"] else 0
    lines = [
        f"{data['key']} {data['version']} over {data['days']} days: {data['records']} records,"
        f" {data['moves']} moves" + ("" if data["whole"] else " (the last ones; there are more)"),
        f"blocked: {data['blocked']} records ({share:.1f} %), {data['blocked_moves']} moves",
        *(f"  {reason}: {number}" for reason, number in data["reasons"].items()),
        f"approvals beside: {data['extra_approvals']}",
        f"fields to fill in beside: {data['clicks']}",
        f"another due time: {data['moved_due']} of {data['clocks']} clocks",
        f"over time: {data['broken_before']} as it was, {data['broken_after']} with the draft",
    ]
    lines += [
        f"{one['role']}: asked {one['asked']} times, "
        + (f"{one['minutes_a_week']} min" if one["minutes_a_week"] is not None else "not known")
        + " a week for each"
        for one in data["loads"]
    ]
    lines += [
        f"{one['number']}  {one['transition'] or 'opening'} from {one['state']}:"
        f" {one['reason']}{' ' + one['field'] if one['field'] else ''}"
        for one in data["blocks"][:MOST_ROWS]
    ]
    return "\n".join(lines)
