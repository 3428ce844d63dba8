"""The server under test: granian as `brigade serve` starts it, and what its processes cost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.client import Broken, Line, request
from bench.place import Place

START_SECONDS = 60
TICK = os.sysconf("SC_CLK_TCK")


class Running:
    """A server's port and its processes."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.pid = port, pid

    def cpu_seconds(self) -> float:
        """Processor time of all its processes so far; 0 where the system does not say."""
        return sum(_cpu(pid) for pid in tree(self.pid))

    def memory_mib(self) -> float | None:
        """Memory of all its processes, shared pages shared out; None where nobody says."""
        sizes = [_pss(pid) for pid in tree(self.pid)]
        known = [size for size in sizes if size is not None]
        return sum(known) / 1024 if known else None


@contextmanager
def serving(place: Place, database: str, *, whole: bool = False) -> Iterator[Running]:
    """Run the web server on `database`; with `whole`, all that `brigade serve` keeps running."""
    port = _free_port()
    environment = os.environ | {"DATABASE_URL": place.url(database), "BRIGADE_WEB_PORT": str(port)}
    process = subprocess.Popen(
        _command(port, whole),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        _wait(port, process)
        yield Running(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40 if whole else 5)
        except subprocess.TimeoutExpired:  # its database is thrown away anyhow
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _command(port: int, whole: bool) -> list[str]:
    if whole:
        return [sys.executable, "-m", "brigade.config.cli", "serve"]
    from brigade.config.environment import Environment, Web
    from brigade.config.serving.supervisor import web_command

    return web_command(Environment(web=Web(port=port)))


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Broken(f"the server ended with {process.returncode}")
        try:
            line = Line(port)
            status, _head, _body = line.ask(request("GET", "/-/ready", {}))
            line.close()
            if status == 200:
                return
        except (OSError, Broken):
            pass
        time.sleep(0.1)
    raise Broken("the server did not become ready")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(root: int) -> list[int]:
    """Return the ids of a process and everything under it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def _pss(pid: int) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return next((float(line.split()[1]) for line in lines if line.startswith("Pss:")), None)
