"""What every command shares: finding it, opening the installation, saying no."""

from __future__ import annotations

import getpass
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from brigade.config import logs, reading, secret
from brigade.config.cli.table import COMMANDS, HIDDEN
from brigade.config.database import DatabaseUnavailable, Server, embedded_url, ensure
from brigade.config.environment import Environment
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

JsonOption = Annotated[
    bool, typer.Option("--json", help="Write one JSON document to standard output, nothing else.")
]
EXIT_CODES = {422: 2, 403: 3, 404: 4, 409: 5, 503: 6}


class Commands(TyperGroup):
    """The commands of the table, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return their names in the table's order."""
        return [*COMMANDS, *HIDDEN]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return one command, None when there is none of that name."""
        if cmd_name not in (*COMMANDS, *HIDDEN):
            return None
        module = importlib.import_module(f"brigade.config.cli.{cmd_name}")
        app = getattr(module, "app", None)
        if app is None:
            app = typer.Typer(add_completion=False)
            app.command(cmd_name)(module.command)
        made = typer.main.get_command(app)
        made.name, made.hidden = cmd_name, cmd_name in HIDDEN
        return made


cli = typer.Typer(cls=Commands, add_completion=False, no_args_is_help=True)


@cli.callback(help="IT service management: who is responsible, what is promised, what happened.")
def _root() -> None:
    return


def main() -> None:
    """Run the command line; a refusal becomes a line and an exit code."""
    try:
        done = typer.main.get_command(cli).main(prog_name="brigade", standalone_mode=False)
    except TyperException as error:
        _explain_usage(error)
        sys.exit(error.exit_code)
    except Refused as error:
        refuse(error)
        sys.exit(exit_code(error))
    except (KeyboardInterrupt, typer.Abort):
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
    sys.exit(done if isinstance(done, int) else 0)


def exit_code(error: Refused) -> int:
    """Return the process's code: 2 invalid, 3 not permitted, 4 hidden, 5 state, 6 unavailable."""
    return EXIT_CODES.get(error.status, 1)


def refuse(error: Refused) -> None:
    """Write a refusal: one line for people, with `--json` also a problem for programs."""
    print(f"{error.code}: {error.message}", file=sys.stderr)
    _problem(error.status, error.code, str(error.message), error.field)


def _explain_usage(error: TyperException) -> None:
    show = getattr(error, "show", None)
    if show is not None:
        show(file=sys.stderr)
    else:
        print(error.format_message(), file=sys.stderr)
    _problem(422, "usage", error.format_message(), None)


def _problem(status: int, code: str, message: str, field: str | None) -> None:
    if "--json" not in sys.argv:
        return
    said = {"type": "about:blank", "title": message, "status": status, "code": code, "field": field}
    sys.stdout.buffer.write(orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n")


@dataclass(frozen=True)
class Here:
    """The open installation: its settings, and who acts."""

    environment: Environment
    server: Server | None

    @cached_property
    def operator(self) -> Person:
        """The account in whose name the command line acts; pass it as `by=`."""
        from brigade.kernel.parties.actions import operator

        return operator("Console")

    @property
    def os_user(self) -> str:
        """The operating system's user at the keyboard; pass it as `os_user=`."""
        return os_user()


def os_user() -> str:
    """Return the name of the operating system's user, behind sudo the one who called it."""
    if name := os.environ.get("SUDO_USER"):
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


@contextmanager
def installation(*, migrated: bool = True, share: bool = True) -> Iterator[Here]:
    """Open the installation for one command, and close it after.

    Starts the embedded database or attaches to it, sets Django up and, with
    `migrated`, brings an empty database to its first state; a database that
    lacks later migrations is refused (`migrations_pending`). `share` is False
    for a supervisor, which owners of the database need not wait for.
    """
    environment = prepare()
    server = open_database(environment, share=share)
    try:
        import django

        django.setup()
        _refuse_silence()
        if migrated:
            from brigade.config import upgrading

            upgrading.ready_or_first_state(os_user())
        yield Here(environment, server)
    finally:
        _close(server)


def prepare() -> Environment:
    """Read the settings, set logging up, make the secret key; nothing of Django yet."""
    environment = reading.load()
    logs.configure(environment.log)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brigade.config.settings")
    if not environment.secret_key:
        secret.make(environment.home)
    return environment


def open_database(environment: Environment, *, share: bool = True) -> Server | None:
    """Start or attach to the embedded database; None where an external one is set."""
    if environment.database_url and environment.database_url != embedded_url(environment.home):
        return None
    return ensure(environment.home, binaries=environment.postgres_bin, share=share)


def _refuse_silence() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise DatabaseUnavailable(
            "database_connection",
            f"The database does not answer: {str(error).strip()} Start it, or correct "
            "DATABASE_URL.",
        ) from error


def _close(server: Server | None) -> None:
    connections = sys.modules.get("django.db")
    if connections is not None:
        connections.connections.close_all()
    if server is not None:
        server.stop()
