"""`brigade serve`: what dies is started again, and the end is clean."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.config.conftest import Brigade

PATIENCE = 90.0


def _until(what: Callable[[], bool], seconds: float = PATIENCE, every: float = 0.2) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(every)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status) == 200
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _pids(log: Path, process: str) -> list[int]:
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line["pid"] for line in lines if line.get("process") == process and "pid" in line]


def test_what_dies_is_started_again_and_the_end_is_clean(
    installed: Brigade, tmp_path: Path
) -> None:
    port, figures, log = _free_port(), _free_port(), tmp_path / "log"
    serve = _serve(installed, log, port, figures)
    ready = f"http://127.0.0.1:{port}/-/ready"
    try:
        _until(lambda: _answers(ready))
        assert f"http://127.0.0.1:{port}" in log.read_text()
        said = json.loads(log.with_suffix(".json").read_text())
        assert said == {"address": f"http://127.0.0.1:{port}", "pid": serve.pid}
        taken = installed.run("serve", "--port", str(port))
        assert (taken.returncode, "web_port" in taken.stderr) == (5, True)
        live = f"http://127.0.0.1:{port + 1}/-/ready"
        _until(lambda: _answers(live))
        for name in ("web", "live", "worker-1"):
            os.kill(_pids(log, name)[-1], signal.SIGKILL)
        _until(lambda: len(_pids(log, "web")) > 1 and len(_pids(log, "worker-1")) > 1)
        _until(lambda: _answers(ready))
        postmaster = (installed.home / "database" / "data" / "postmaster.pid").read_text()
        os.kill(int(postmaster.split()[0]), signal.SIGKILL)
        _until(lambda: "database_started" in log.read_text())
        _until(lambda: _answers(ready))
        _until(lambda: _answers(live))
        _until(lambda: _are_well(installed, "worker", "live updates"), every=3)
        _look_at_figures(figures)
        assert not _answers(f"http://127.0.0.1:{port}/metrics")
    finally:
        serve.send_signal(signal.SIGTERM)
        code = serve.wait(60)
    assert code == 0, log.read_text()[-2000:]
    assert not (installed.home / "database" / "data" / "postmaster.pid").exists()
    for name in ("web", "live", "worker-1"):
        assert not any(Path(f"/proc/{pid}").exists() for pid in _pids(log, name))


def _serve(installed: Brigade, log: Path, port: int, figures: int) -> subprocess.Popen[bytes]:
    variables = installed.environment(
        BRIGADE_METRICS_PORT=str(figures), BRIGADE_WEB_WORKERS="1", BRIGADE_LOG_FORMAT="json"
    )
    command = [sys.executable, "-m", "brigade.config.cli", "serve", "--port", str(port)]
    with log.open("w") as file, log.with_suffix(".json").open("w") as result:
        return subprocess.Popen([*command, "--json"], env=variables, stdout=result, stderr=file)


def _look_at_figures(port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        said = answer.read().decode()
    assert re.search(r'^brigade_http_requests_total\{.*status="200".*\} ', said, re.MULTILINE)
    assert "brigade_outbox_messages" in said
    assert re.search(r"^brigade_live_streams\{.*\} 0", said, re.MULTILINE)


def _are_well(installed: Brigade, *about: str) -> bool:
    findings = json.loads(installed.run("doctor", "--json").stdout)["findings"]
    return {each["about"] for each in findings if each["state"] == "good"} >= set(about)
