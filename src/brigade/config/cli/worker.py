"""`brigade worker`: one worker process, as `brigade serve` runs it."""

from __future__ import annotations

from brigade.config.cli.frame import open_database, prepare


def command() -> None:
    """Run jobs, mail and webhooks until stopped."""
    environment = prepare()
    server = open_database(environment)
    from brigade.jobs.worker import main

    try:
        main()
    finally:
        if server is not None:
            server.stop()
