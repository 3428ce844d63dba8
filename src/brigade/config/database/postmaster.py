"""What `postmaster.pid` says, and whether that process is really there."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from brigade.config.database.failure import DatabaseUnavailable

STATUS_LINE = 8


@dataclass(frozen=True)
class Postmaster:
    """One reading of postmaster.pid; `status` is `starting`, `ready`, `stopping` or empty."""

    pid: int
    status: str

    @property
    def ready(self) -> bool:
        """Whether it takes connections."""
        return self.status == "ready"


def read(data: Path) -> Postmaster | None:
    """Return what the data folder's postmaster.pid says, None when there is none to read."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    status = lines[STATUS_LINE - 1].strip() if len(lines) >= STATUS_LINE else ""
    return Postmaster(pid, status)


def running(data: Path) -> Postmaster | None:
    """Return the server that runs on `data`, None when none does.

    A pid may have been reused since by another program, so the process is asked
    for its name where the system tells it.
    """
    found = read(data)
    if found is None or not _alive(found.pid) or zombie(found.pid):
        return None
    name = _process_name(found.pid)
    return found if name is None or name.startswith("postgres") else None


def wait_for_zombie(data: Path, seconds: float = 10) -> None:
    """Wait until a dead server that nobody has reaped yet is gone.

    PostgreSQL takes such a zombie for a running server and refuses to start.
    Raises `DatabaseUnavailable` when it stays, which happens in a container
    whose first process reaps nothing.
    """
    deadline = time.monotonic() + seconds
    while (found := read(data)) is not None and zombie(found.pid):
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(
                "postgresql_zombie",
                f"The former database server (process {found.pid}) is dead, but the system still "
                "lists it because its parent does not collect it. In a container, start it with "
                "an init process (docker run --init); elsewhere, end that parent.",
            )
        time.sleep(0.1)


def zombie(pid: int) -> bool:
    """Whether `pid` is dead but still listed (only Linux says)."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return said.rpartition(")")[2].split()[0] == "Z"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _process_name(pid: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return None
