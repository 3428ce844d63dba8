"""The database's own limit: pgbench running the very statement that the kernel runs.

A statement is taken as the kernel sends it, with the parameters of one real
call, each a variable of pgbench, prepared. What must differ from call to call
(requester, record, version) is counted by pgbench itself.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from bench.bulk import POOL_STEP, POOL_VERSION
from bench.company import Company, Statement
from bench.place import Place

PARAMETER = re.compile(r"%\((\w+)\)s")
MISSING = (
    "pgbench is missing, so there is no limit to compare with: install PostgreSQL's own programs"
    " (Debian: apt install postgresql)"
)


class Aborted(Exception):
    """pgbench, or one of its clients, gave up: the run is worth nothing."""


@dataclass
class Limit:
    """What the database does by itself."""

    per_second: float
    times: list[float] = field(default_factory=list)


def open_script(company: Company) -> tuple[str, dict[str, str]]:
    """Return the script that opens a record, and its constant variables."""
    people = [person for person, _organisation in company.requesters]
    first, last = min(people), max(people)
    text, given = script(company.statements["open"], {"requester_id": "requester_id"}, "a")
    return f"\\set requester_id random({first}, {last})\n{text}", given


def change_script(company: Company, records: int, clients: int) -> tuple[str, dict[str, str]]:
    """Return the script that lets a record wait and resumes it, each with a comment."""
    varying = {"record_id": "record_id", "version": "version"}
    wait, given = script(company.statements["wait"], varying, "a")
    resume, more = script(company.statements["resume"], varying, "b")
    pool = max(records // POOL_STEP // clients, 1)
    lines = [
        f"\\set record_id (1 + (:n % {pool}) * {clients} + :client_id) * {POOL_STEP}",
        f"\\set version {POOL_VERSION} + 2 * (:n / {pool})",
        wait,
        "\\set version :version + 1",
        resume,
        "\\set n :n + 1",
    ]
    return "\n".join(lines), given | more | {"n": "0"}


def script(
    statement: Statement, varying: dict[str, str], prefix: str
) -> tuple[str, dict[str, str]]:
    """Turn a statement into pgbench's words; null and '' stay literals, all else is a variable."""
    given: dict[str, str] = {}

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name in varying:
            return f":{varying[name]}"
        value = statement.parameters[name]
        if value is None or value == "":
            return "null" if value is None else "''"
        given[f"{prefix}_{name}"] = _text(value)
        return f":{prefix}_{name}"

    lines = [line.strip() for line in PARAMETER.sub(put, statement.sql).strip().splitlines()]
    return " ".join(lines) + ";", given


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return str(value)


def pgbench(
    place: Place,
    database: str,
    text: str,
    given: dict[str, str],
    *,
    clients: int,
    seconds: float,
    statements: int,
) -> Limit | None:
    """Run a script of `statements` hot statements; None where there is no pgbench.

    Raises Aborted where a client gave up, or fewer entries were written than it says.
    """
    program = place.program("pgbench")
    if program is None:
        return None
    with place.connect(database) as connection, tempfile.TemporaryDirectory() as folder:
        before = _entries(connection)
        path = Path(folder) / "hot.sql"
        path.write_text(text + "\n")
        command = [str(program), *place.libpq(), "-n", "-M", "prepared", "-f", str(path)]
        command += ["-c", str(clients), "-j", str(min(clients, 2)), "-T", str(max(1, seconds))]
        command += ["--log", f"--log-prefix={folder}/log"]
        command += [part for name, value in given.items() for part in ("-D", f"{name}={value}")]
        done = subprocess.run([*command, database], capture_output=True, text=True, check=False)
        found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.M)
        if done.returncode or found is None or "aborted" in done.stderr + done.stdout:
            raise Aborted((done.stderr or done.stdout).strip()[-800:])
        times = [
            int(line.split()[2]) / 1000 / statements
            for log in Path(folder).glob("log*")
            for line in log.read_text().splitlines()
        ]
        written = _entries(connection) - before
        if written < len(times) * statements:
            raise Aborted(f"only {written} of {len(times) * statements} writes took effect")
    return Limit(float(found[1]) * statements, times)


def _entries(connection: Any) -> int:
    (count,) = connection.execute("select count(*) from records_journalentry").fetchone()
    return int(count)
