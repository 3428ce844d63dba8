"""Measures that write, each round of each on a database of its own: create, change, import."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import orjson

from bench import limits
from bench.bulk import NUMBERS_FROM, POOL_STEP
from bench.client import Broken, load, request
from bench.company import REPLY, SEED, Company, new_incident
from bench.figures import Round, timed
from bench.place import Place
from bench.web import serving

CLIENTS = (1, 4)
LOG_ROWS = 20_000
Measure = Callable[[], Round]


def measures(place: Place, company: Company, records: int, seconds: float) -> dict[str, Measure]:
    """Return the measures of hot writes by name, the database's limit before each."""
    found: dict[str, Measure] = {}
    for clients in CLIENTS:
        found[f"pgbench_create_c{clients}"] = _limit(
            place, *limits.open_script(company), clients, seconds, 1
        )
        found[f"api_create_c{clients}"] = _api(place, clients, seconds, create(company))
    for clients in CLIENTS:
        found[f"pgbench_change_c{clients}"] = _limit(
            place, *limits.change_script(company, records, clients), clients, seconds, 2
        )
        found[f"api_change_c{clients}"] = _api(
            place, clients, seconds, change(company, records, clients)
        )
    return found


def _limit(
    place: Place, text: str, given: dict[str, str], clients: int, seconds: float, statements: int
) -> Measure:
    def measure() -> Round:
        with place.fresh() as database:
            limit = limits.pgbench(
                place,
                database,
                text,
                given,
                clients=clients,
                seconds=seconds,
                statements=statements,
            )
        if limit is None:
            return {}
        return timed(limit.times, per_second=round(limit.per_second, 1))

    return measure


def _api(place: Place, clients: int, seconds: float, ask: Callable[[int, int], bytes]) -> Measure:
    def measure() -> Round:
        with place.fresh() as database, serving(place, database) as web:
            seen = load(web.port, clients, seconds, ask, cpu=web.cpu_seconds)
        return timed(
            seen.times,
            per_second=round(seen.per_second, 1),
            server_cpu_ms=round(seen.server_cpu_ms, 3),
            client_cpu_ms=round(seen.client_cpu_ms, 3),
        )

    return measure


def create(company: Company) -> Callable[[int, int], bytes]:
    """Return how a client asks to open its next record."""
    headers = {"Authorization": f"Bearer {company.token}"}

    def ask(client: int, turn: int) -> bytes:
        body = orjson.dumps(new_incident(company, turn * 7 + client))
        return request("POST", "/api/v1/records", headers, body)

    return ask


def change(company: Company, records: int, clients: int) -> Callable[[int, int], bytes]:
    """Return how a client lets records wait and resumes them, each with a public comment."""
    headers = {"Authorization": f"Bearer {company.token}"}
    wait = {"transition": "wait", "fields": {"waiting_reason": "requester"}, "body": REPLY}
    bodies = [orjson.dumps(wait), orjson.dumps({"transition": "resume", "body": REPLY})]
    pool = records // POOL_STEP // clients

    def ask(client: int, turn: int) -> bytes:
        place = turn // 2 % pool * clients + client
        path = f"/api/v1/records/INC-{NUMBERS_FROM + (1 + place) * POOL_STEP}/transitions"
        return request("POST", path, headers, bodies[turn % 2])

    return ask


def import_log(place: Place, source: str) -> Measure:
    """Return the measure of importing a generated ServiceNow log into an empty installation."""
    path = place.home / "log.csv"
    write_log(path, LOG_ROWS)

    def measure() -> Round:
        with place.fresh(source) as database:
            command = [sys.executable, "-m", "brigade.config.cli", "import", "log", str(path)]
            begun = time.perf_counter()
            done = subprocess.run(
                [*command, "--map", "servicenow_incidents", "--json"],
                env=os.environ | {"DATABASE_URL": place.url(database)},
                capture_output=True,
                text=True,
                check=False,
            )
            seconds = time.perf_counter() - begun
        if done.returncode:
            raise Broken(done.stderr[-800:] or done.stdout[-800:])
        report = json.loads(done.stdout)
        if report["entries_made"] != LOG_ROWS:
            raise Broken(f"{report['entries_made']} of {LOG_ROWS} rows became entries")
        return {
            "rows_per_second": report["rows_per_second"],
            "rows_per_second_with_start": round(LOG_ROWS / seconds),
        }

    return measure


LOG_COLUMNS = (
    "number", "incident_state", "active", "reassignment_count", "reopen_count", "sys_mod_count",
    "made_sla", "caller_id", "opened_by", "opened_at", "sys_created_by", "sys_created_at",
    "sys_updated_by", "sys_updated_at", "contact_type", "location", "category", "subcategory",
    "u_symptom", "cmdb_ci", "impact", "urgency", "priority", "assignment_group", "assigned_to",
    "knowledge", "u_priority_confirmation", "notify", "problem_id", "rfc", "vendor", "caused_by",
    "closed_code", "resolved_by", "resolved_at", "closed_at",
)  # fmt: skip
LOG_STATES = ("New", "Active", "Active", "Awaiting User Info", "Active", "Resolved", "Closed")


def write_log(path: Path, rows: int) -> None:
    """Write a log in the shape of ServiceNow's audit of incidents, about six rows a case."""
    random, written, case = Random(SEED), 0, 0
    with path.open("w", newline="") as file:
        log = csv.DictWriter(file, LOG_COLUMNS, restval="?")
        log.writeheader()
        while written < rows:
            case += 1
            log.writerows(_case(random, case)[: rows - written])
            written = min(rows, written + len(LOG_STATES))


def _case(random: Random, case: int) -> list[dict[str, str]]:
    opened = datetime(2016, 3, 1) + timedelta(minutes=41 * case)
    instants = [opened + timedelta(hours=5 * step) for step in range(len(LOG_STATES))]
    said = [f"{at.day}/{at.month}/{at.year} {at:%H:%M}" for at in instants]
    fixed = {
        "number": f"INC{case:07}",
        "made_sla": "true",
        "caller_id": f"Caller {random.randrange(2_000)}",
        "opened_by": f"Opened by {random.randrange(120)}",
        "opened_at": said[0],
        "contact_type": random.choice(("Phone", "Phone", "Email", "Self service")),
        "location": f"Location {random.randrange(200)}",
        "category": f"Category {random.randrange(50)}",
        "subcategory": f"Subcategory {random.randrange(250)}",
        "u_symptom": f"Symptom {random.randrange(500)}",
        "impact": "2 - Medium",
        "urgency": "2 - Medium",
        "priority": "3 - Moderate",
        "notify": "Do Not Notify",
        "knowledge": "false",
        "closed_code": f"code {random.randrange(16)}",
        "resolved_at": said[-2],
        "closed_at": said[-1],
    }
    return [
        fixed
        | {
            "incident_state": state,
            "active": "false" if state == "Closed" else "true",
            "sys_mod_count": str(step),
            "reassignment_count": str(step // 3),
            "reopen_count": "0",
            "sys_updated_by": f"Updated by {random.randrange(600)}",
            "sys_updated_at": said[step],
            "assignment_group": f"Group {random.randrange(70)}",
            "assigned_to": f"Resolver {random.randrange(200)}" if step else "?",
        }
        for step, state in enumerate(LOG_STATES)
    ]
