"""What the live process is told when it starts, so that it need not read settings itself.

Reading them takes pydantic and more, twenty megabytes that a process of this
size would carry for nothing. Whoever starts it reads them and says the outcome
in one variable of its environment, which only the same account can read.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from brigade.kernel.live.passes import signing_key

if TYPE_CHECKING:
    from brigade.config.environment import Environment

VARIABLE = "LIVE_PROCESS_OF_BRIGADE"


@dataclass(frozen=True)
class Told:
    """Everything the process needs. `key` is hex, `json` says how it logs."""

    database: str
    key: str
    cookie: str
    origins: tuple[str, ...]
    host: str
    port: int
    streams: int
    per_person: int
    json: bool
    level: str

    @classmethod
    def here(cls) -> Told:
        """Read it from the environment, and leave it there no longer."""
        said = json.loads(os.environ.pop(VARIABLE))
        return cls(**said | {"origins": tuple(said["origins"])})


def command() -> list[str]:
    """Return the command line of the live process."""
    return [sys.executable, "-m", "brigade.config.live"]


def surroundings(environment: Environment) -> Mapping[str, str]:
    """Return the environment of the live process, with all it is told."""
    from brigade.config import secret
    from brigade.config.database.url import embedded_url
    from brigade.config.environment import SESSION_COOKIE

    live = environment.live
    told = Told(
        database=environment.database_url or embedded_url(environment.home),
        key=signing_key(environment.secret_key or secret.read(environment.home)).hex(),
        cookie=SESSION_COOKIE,
        origins=tuple(environment.origins),
        host=live.host or environment.web.host,
        port=environment.live_port,
        streams=live.streams,
        per_person=live.per_person,
        json=environment.log.format == "json"
        or (environment.log.format == "auto" and not sys.stderr.isatty()),
        level=environment.log.level,
    )
    return {**os.environ, VARIABLE: json.dumps(asdict(told))}
