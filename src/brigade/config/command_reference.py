"""The page about the commands, made from what each says of itself under `--help`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from brigade.config.cli.frame import EXIT_CODES, cli
from brigade.config.cli.table import COMMANDS

INTRODUCTION = """# The command line

Everything here is also under `--help` of each command. `bin/setup` puts `brigade` into `.venv/bin`.

With `--json`, standard output is one JSON document and nothing else. Progress, and words on the
way, go to standard error in any case.
"""

CODES = {
    0: "done",
    1: "something was found that is wrong (`doctor`, `recipe lint` and `check`, "
    "`audit verify`, a CSV file)",
    2: "what was asked for cannot be read: an option, a file, a value",
    3: "not permitted",
    4: "there is no such thing",
    5: "the state of things does not allow it",
    6: "the database cannot be used",
    130: "stopped by Ctrl-C",
}

END = """This page is made from the program:
`python -m brigade.config.command_reference > docs/reference/commands.md`
"""


def commands_page() -> str:
    """Return `docs/reference/commands.md`."""
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in CODES.items())
    return "\n".join(
        [
            INTRODUCTION,
            *(_entry(name, command) for name, command in _commands()),
            f"## How a command ends\n\n| code | meaning |\n|---|---|\n{codes}\n",
            END,
        ]
    )


def _commands() -> Iterator[tuple[str, Any]]:
    group: Any = typer.main.get_command(cli)
    for name in COMMANDS:
        command = group.get_command(None, name)
        below = getattr(command, "commands", None)
        if below is None:
            yield name, command
        else:
            yield from ((f"{name} {word}", below[word]) for word in below)


def _entry(name: str, command: Any) -> str:
    arguments = [one for one in command.params if not one.opts[0].startswith("-")]
    options = [one for one in command.params if one.opts[0].startswith("-")]
    usage = " ".join(
        ["brigade", name, *(_placed(one) for one in arguments), *(_needed(one) for one in options)]
    ).rstrip()
    about = " ".join(command.help.split())
    parts = [f"## `{usage}`\n\n{about}\n"]
    rows = [*map(_argument, arguments), *(_option(one) for one in options if one.name != "json")]
    if rows:
        parts.append("| | |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _placed(argument: Any) -> str:
    return str(argument.name).upper() if argument.required else f"[{argument.name.upper()}]"


def _needed(option: Any) -> str:
    return f"{option.opts[0]} {_value(option)}" if option.required else ""


def _value(option: Any) -> str:
    return str(option.opts[0]).lstrip("-").upper()


def _argument(argument: Any) -> str:
    return f"| `{argument.name.upper()}` | {argument.help or ''} |"


def _option(option: Any) -> str:
    name = option.opts[0] if option.is_flag else f"{option.opts[0]} {_value(option)}"
    default = "" if option.is_flag or option.default in (None, "") else str(option.default)
    return f"| `{name}` | {option.help}{f' Default: `{default}`.' if default else ''} |"


assert set(EXIT_CODES.values()) <= set(CODES)

if __name__ == "__main__":
    print(commands_page(), end="")
