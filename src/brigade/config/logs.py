"""Structured logs on standard error: lines for people on a terminal, JSON for machines.

`structlog.get_logger(__name__)` anywhere; what a request or a job is about is
bound with `structlog.contextvars` and stands in every line written meanwhile.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog
from structlog.typing import Processor

if TYPE_CHECKING:
    from brigade.config.environment import Log

QUIET = ("asyncio", "procrastinate")


def configure(wanted: Log) -> None:
    """Send structlog and the standard library's logging to standard error in one form."""
    json = wanted.format == "json" or (wanted.format == "auto" and not sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        *(
            [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
            if json
            else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        ),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last)
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(wanted.level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
