"""The worker process, as `brigade serve` starts it beside the web."""

from __future__ import annotations

import os
import socket

import django


def main() -> None:
    """Run a worker until SIGTERM or SIGINT stops it; Django's settings must be named before."""
    django.setup()
    from brigade.jobs.running import run

    run(name=f"{socket.gethostname()}-{os.getpid()}")
