"""A whole run: every size, three interleaved rounds, what stands beside the figures."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import psycopg

from bench import bulk, company, goals, limits, pages, reading, sweep, writing
from bench.client import load
from bench.figures import Round, growth, over_rounds, ratio
from bench.place import TEMPLATE, Place, django_on
from bench.web import serving

EMPTY = "brigade"
"""The database that has the people and no records."""
ROUNDS = 3


class Run:
    """One call of the bench."""

    def __init__(
        self, seconds: float, idle: float, say: Callable[[str], None], rounds: int = ROUNDS
    ) -> None:
        self.rounds = rounds
        self.seconds, self.idle, self.say = seconds, idle, say
        self.place = Place()

    def all(self, sizes: Sequence[int]) -> dict[str, Any]:
        """Measure every size and return the whole account."""
        began = _machine()
        try:
            self.say("making an installation")
            self.place.open()
            people = company.build()
            by_size = {size: self._size(size, people) for size in sizes}
        finally:
            self.place.close()
        ratios = {size: ratios_of(measures) for size, measures in by_size.items()}
        last = dict(ratios[max(sizes)])
        if len(by_size) > 1:
            last |= growth(by_size)
        return {
            "records": list(sizes),
            "rounds": self.rounds,
            "seconds_a_round": self.seconds,
            "machine": began | {"load_at_end": _load()},
            "ratios": last,
            "goals": goals.met(by_size, ratios),
            "sizes": {
                str(size): {"ratios": ratios[size], "measures": by_size[size]} for size in by_size
            },
        }

    def _size(self, size: int, people: company.Company) -> dict[str, Round]:
        from brigade.kernel.instants import now

        self.say(f"filling {size:,} records")
        self.place.copy(TEMPLATE, EMPTY)
        with self.place.connect(TEMPLATE) as connection:
            bulk.fill(connection, people, size, now())
        write = writing.measures(self.place, people, size, self.seconds)
        write["import_log"] = writing.import_log(self.place, EMPTY)
        write |= sweep.measures(self.place, size)
        found = self._rounds(size, write)
        if not found["pgbench_create_c4"].get("per_second"):
            self.say(limits.MISSING)
        found |= self._reads(size, people)
        found["memory"] = self._memory(people)
        self.place.drop(TEMPLATE)
        return found

    def _rounds(self, size: int, measures: dict[str, Callable[[], Round]]) -> dict[str, Round]:
        seen: dict[str, list[Round]] = {name: [] for name in measures}
        for number in range(1, self.rounds + 1):
            for name, measure in measures.items():
                seen[name].append(measure())
                self.say(f"{size:,}  round {number}  {name}  {_short(seen[name][-1])}")
        return {name: over_rounds(rounds) for name, rounds in seen.items()}

    def _reads(self, size: int, people: company.Company) -> dict[str, Round]:
        place = self.place
        with place.fresh() as database, serving(place, database) as web, django_on(database):
            reads = reading.Reads(place, people, web, database, size, self.seconds)
            try:
                measures = reads.measures()
                measures["badges"] = lambda: reading.badges(people, self.seconds)
                measures |= pages.measures(people, web, self.seconds)
                found = self._rounds(size, measures)
                found |= pages.in_a_browser(people, web)
                found |= pages.after_idling(people, web, self.idle)
            finally:
                reads.close()
        return found

    def _memory(self, people: company.Company) -> Round:
        place = self.place
        with place.fresh() as database, serving(place, database, whole=True) as web:
            load(web.port, 8, 2, writing.create(people))
            size = web.memory_mib()
        return {} if size is None else {"mib": round(size, 1)}


def ratios_of(measures: dict[str, Round]) -> dict[str, Any]:
    """Return the figures that compare, by speaking names."""
    found: dict[str, Any] = {}
    for verb in ("create", "change"):
        for clients in writing.CLIENTS:
            above, below = (
                measures[f"api_{verb}_c{clients}"],
                measures[f"pgbench_{verb}_c{clients}"],
            )
            got = ratio(above, below, "per_second")
            name = f"api_{verb}_c{clients}_vs_pgbench"
            found[name] = got and got["median"]
            found[f"{name}_rounds"] = got and got["rounds"]
    listed = ratio(measures["api_list_page_c1"], measures["raw_sql_list_page"], "ms")
    found["list_page_vs_raw_sql"] = listed and listed["median"]
    found["list_page_vs_raw_sql_rounds"] = listed and listed["rounds"]
    for name in ("rare", "common", "common_but_old"):
        found[f"search_{name}_ms"] = measures[f"search_{name}"]["ms"]
    return found


def _short(seen: Round) -> str:
    shown = ("ms", "p95_ms", "per_second", "rows_per_second", "server_cpu_ms")
    return "  ".join(f"{name} {seen[name]}" for name in shown if seen.get(name) is not None)


def _load() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _machine() -> dict[str, Any]:
    from brigade.config.database import binaries

    try:
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        commit = ""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "postgresql": binaries.find().major,
        "psycopg": psycopg.__version__,
        "commit": commit,
        "day": datetime.now().astimezone().date().isoformat(),
        "load_at_start": _load(),
    }


def progress(text: str) -> None:
    """Say on standard error how far the run is."""
    print(text, file=sys.stderr, flush=True)
