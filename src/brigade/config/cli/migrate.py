"""`brigade migrate`: the database as this version needs it."""

from __future__ import annotations

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output


def command(json: JsonOption = False) -> None:
    """Make the database, or bring it to this version. Asks nothing."""
    out = Output(json)
    with installation(migrated=False) as here:
        from brigade.config import upgrading

        missing = upgrading.pending()
        with out.progress("Bringing the database up to date", total=len(missing)) as step:
            done = upgrading.upgrade(here.os_user, lambda name: step())
        out.result(
            {
                "home": str(here.environment.home),
                "embedded": here.server is not None,
                "applied": done.applied,
                "adopted": done.adopted,
            },
            _words(len(done.applied), done.adopted),
        )


def _words(applied: int, adopted: list[str]) -> str:
    lines = [f"{applied} migrations applied." if applied else "The database is up to date."]
    if adopted:
        lines.append(f"Provisionally adopted: {', '.join(adopted)}.")
        lines.append("Next: `brigade createadmin`, then `brigade serve`.")
    return "\n".join(lines)
