"""`brigade live`: one process for live updates, as `brigade serve` runs it."""

from __future__ import annotations

import os

from brigade.config.cli.frame import prepare
from brigade.kernel.refused import Refused


def command() -> None:
    """Let open pages hear what changes, until stopped. Waits for a database that is away."""
    environment = prepare()
    if not environment.live_port:
        raise Refused("live_off", "Live updates are off: set BRIGADE_LIVE_PORT to a port.")
    from brigade.config.live import launch

    words = launch.command()
    os.execve(words[0], words, dict(launch.surroundings(environment)))
