"""The bench's own reckoning, and that its bulk is what the product would have written."""

from __future__ import annotations

import csv
import re
import socket
import threading
from pathlib import Path

import pytest

from bench import figures, goals, limits, results, writing
from bench.__main__ import sizes
from bench.client import Broken, Line, load, request
from bench.company import Statement


def test_percentiles_are_values_that_were_seen() -> None:
    assert figures.percentile([5, 1, 4, 2, 3], 0.5) == 3
    assert figures.percentile([5, 1, 4, 2, 3], 0.95) == 5
    assert figures.percentile([7], 0.5) == 7


def test_a_measure_is_the_median_of_its_rounds_and_keeps_them() -> None:
    rounds = [{"ms": 3.0}, {"ms": 1.0}, {"ms": 2.0}]
    assert figures.over_rounds(rounds) == {"ms": 2.0, "rounds": rounds}


def test_a_ratio_is_taken_round_by_round() -> None:
    above = figures.over_rounds([{"per_second": 10.0}, {"per_second": 30.0}])
    below = figures.over_rounds([{"per_second": 20.0}, {"per_second": 40.0}])
    assert figures.ratio(above, below, "per_second") == {"median": 0.625, "rounds": [0.5, 0.75]}
    assert figures.ratio(above, figures.over_rounds([{}, {}]), "per_second") is None


def test_growth_compares_the_smallest_size_with_the_largest() -> None:
    seen = {10: {"read": {"ms": 2.0}}, 100: {"read": {"ms": 9.0}}, 50: {"read": {"ms": 1.0}}}
    assert figures.growth(seen) == {"growth_read": 4.5}


def test_a_statement_becomes_a_script_of_pgbench() -> None:
    statement = Statement(
        "select %(name)s::text, %(none)s::int,\n  %(id)s::bigint, %(empty)s::text, %(head)s::bytea",
        {"name": "Till 3: no paper", "none": None, "id": 7, "empty": "", "head": b"\x01\xff"},
    )
    text, given = limits.script(statement, {"id": "record_id"}, "a")
    assert text == "select :a_name::text, null::int, :record_id::bigint, ''::text, :a_head::bytea;"
    assert given == {"a_name": "Till 3: no paper", "a_head": "\\x01ff"}


def test_sizes_are_read_with_commas() -> None:
    assert sizes("100000,1_000") == [1_000, 100_000]


@pytest.mark.parametrize(("value", "kept"), [(0.31, True), (0.29, False), (None, False)])
def test_a_goal_is_kept_or_not(value: float | None, kept: bool) -> None:
    measures = {100_000: {goal.measure: {} for goal in goals.GOALS}}
    ratios = {100_000: {"api_create_c4_vs_pgbench": value}}
    (first, *_others) = goals.met(measures, ratios)
    assert (first["kept"], first["counts"], first["bound"]) == (kept, True, ">= 0.3")


def test_the_log_has_the_rows_asked_for_in_the_shape_of_the_map(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    writing.write_log(path, 50)
    rows = list(csv.DictReader(path.open()))
    assert len(rows) == 50
    assert {row["incident_state"] for row in rows} == set(writing.LOG_STATES)
    assert len({row["number"] for row in rows}) == 8
    assert all(re.fullmatch(r"\d+/\d+/\d{4} \d\d:\d\d", row["sys_updated_at"]) for row in rows)


class _Echo:
    """A server that answers every request with `answer`."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            line, _address = self._socket.accept()
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        while line.recv(65_536):
            line.sendall(self._answer)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "body"),
    [(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", b"body"), (CHUNKED, b"abcde")],
)
def test_the_client_reads_whole_answers(answer: bytes, body: bytes) -> None:
    line = Line(_Echo(answer).port)
    for _turn in range(2):
        assert line.ask(request("GET", "/", {}))[::2] == (200, body)


def test_an_answer_that_is_no_success_ends_the_run() -> None:
    port = _Echo(b"HTTP/1.1 409 Conflict\r\nContent-Length: 4\r\n\r\nmine").port
    with pytest.raises(Broken, match="409: mine"):
        load(port, 2, 0.1, lambda client, turn: request("GET", "/", {}), warm=0)


def test_every_client_counts() -> None:
    port = _Echo(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").port
    turns: set[tuple[int, int]] = set()

    def ask(client: int, turn: int) -> bytes:
        turns.add((client, turn))
        return request("GET", "/", {})

    seen = load(port, 3, 0.05, ask, warm=0)
    assert {client for client, _turn in turns} == {0, 1, 2}
    assert len(seen.times) == len(turns) - 3 * 20
    assert seen.per_second > 0


def test_the_account_is_a_page() -> None:
    measure = figures.over_rounds([{"ms": 1.5, "p95_ms": 2.0, "count": 3, "bytes": 1200}])
    account = {
        "records": [1000], "rounds": 1, "seconds_a_round": 2, "ratios": {"growth_read": 1.2},
        "machine": {"day": "2026-11-24", "commit": "abc", "cores": 2, "memory_gib": 24,
            "system": "Linux", "python": "3.11", "postgresql": 18, "load_at_start": 0.1,
            "load_at_end": 0.2},
        "goals": [{"goal": "memory.mib", "records": 1000, "counts": True, "value": 200.0,
            "bound": "<= 250", "kept": True}],
        "sizes": {"1000": {"ratios": {"a": 0.5, "a_rounds": [0.5]}, "measures": {"read": measure}}},
    }  # fmt: skip
    page = results.markdown(account)
    assert "| read | 1.50 | 2.00 |  |  |  | 1.50 | 1,200 bytes |" in page
    assert "| a | 0.50 | 0.50 |" in page
    assert "| memory.mib | 1,000 | <= 250 | 200 | yes |" in page
