"""`brigade createadmin`: the first administrator."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output
from brigade.kernel.refused import Invalid

PASSWORD = "BRIGADE_ADMIN_PASSWORD"

Email = Annotated[str, typer.Option(help="Mail address; the administrator signs in with it.")]
Name = Annotated[str, typer.Option(help="Full name.")]
Language = Annotated[str, typer.Option(help="Language of the pages: en or de.")]
Zone = Annotated[str, typer.Option("--timezone", help="IANA time zone, such as Europe/Berlin.")]


def command(
    email: Email = "",
    name: Name = "",
    language: Language = "en",
    timezone: Zone = "UTC",
    json: JsonOption = False,
) -> None:
    """Make the first administrator. Asks for what is not given.

    The password is asked for twice, or taken from the variable
    BRIGADE_ADMIN_PASSWORD; it is never an argument, where others could read it.
    """
    out = Output(json)
    email = email or _ask("Mail address", "--email")
    name = name or _ask("Full name", "--name")
    password = os.environ.get(PASSWORD) or _ask("Password", PASSWORD, secret=True)
    with installation() as here:
        from brigade.kernel.parties.actions import create_first_admin

        person = create_first_admin(
            email=email,
            name=name,
            password=password,
            language=language,
            timezone=timezone,
            os_user=here.os_user,
        )
        out.result(
            {"id": person.pk, "email": person.email, "name": person.name},
            f"{person.name} can now sign in at {here.environment.address} with {person.email}.",
        )


def _ask(what: str, given_by: str, *, secret: bool = False) -> str:
    if not sys.stdin.isatty():
        raise Invalid("missing", f"{what} is missing: give it by {given_by}.", given_by)
    answer = typer.prompt(what, hide_input=secret, confirmation_prompt=secret, err=True)
    return str(answer)
