"""`brigade serve`: everything that runs, in one command."""

from __future__ import annotations

import os
import socket
from typing import Annotated

import typer

from brigade.config import reading
from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output
from brigade.kernel.refused import Refused

Host = Annotated[str | None, typer.Option(help="Address to listen on, instead of the setting.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on, instead of the setting.")]


def command(host: Host = None, port: Port = None, json: JsonOption = False) -> None:
    """Run database, web and worker until stopped."""
    out = Output(json)
    for name, value in (("BRIGADE_WEB_HOST", host), ("BRIGADE_WEB_PORT", port)):
        if value is not None:
            os.environ[name] = str(value)
    web = reading.load().web
    _refuse_taken_port(web.host, web.port)
    with installation(share=False) as here:
        from brigade.config.serving import supervisor

        supervisor.prepare(here.environment)
        out.say(f"Brigade is at {here.environment.address}  (Ctrl+C stops it)")
        if json:
            out.result({"address": here.environment.address, "pid": os.getpid()}, "")
        supervisor.Supervisor(here).run()


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                "web_port",
                f"Brigade cannot listen on {host}:{port}: {error.strerror}. Stop what uses it, or "
                "choose another port with --port.",
            ) from error
