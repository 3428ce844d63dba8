"""Live updates: what open streams cost, and how soon a change is heard by all of them.

`python -m bench.live --streams 1000` runs it alone. Inside a run, call
`measure(place, people, streams)` with Django on the database to write to; the
relay, which a worker runs, turns in a thread beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.company import Company, build
from bench.figures import Round
from bench.place import Place
from bench.web import _free_port, _pss
from brigade.config.live.launch import VARIABLE, Told, command

CHANGES = 30
SETTLE_SECONDS = 2.0
READY_SECONDS = 60.0
LEAST_FILES = 200


def measure(place: Place, people: Company, streams: int) -> Round:
    """Open so many streams, change a record again and again, and return what it cost."""
    with _process(place, streams) as (port, pid):
        at_rest = _sizes(pid)
        stop = threading.Event()
        relay = threading.Thread(target=_relay, args=(stop,))
        relay.start()
        try:
            found = asyncio.run(_play(port, pid, people, streams))
        finally:
            stop.set()
            relay.join()
    return {
        "streams": streams,
        "rss_at_rest_mib": at_rest[0],
        "rss_mib": found["rss"],
        "pss_mib": found["pss"],
        "kib_a_stream": round((found["rss"] - at_rest[0]) * 1024 / streams, 1),
        "opening_seconds": found["opening"],
        "ms": found["p50"],
        "p95_ms": found["p95"],
    }


async def _play(port: int, pid: int, people: Company, streams: int) -> dict[str, float]:
    record, body = await asyncio.to_thread(_prepare, people)
    began = time.perf_counter()
    readers = [await _open(port, body, people.session) for _ in range(streams)]
    opening = time.perf_counter() - began
    await asyncio.sleep(SETTLE_SECONDS)
    delays: list[float] = []
    for number in range(CHANGES):
        told = asyncio.gather(*(_hear(reader) for reader, _writer in readers))
        await asyncio.to_thread(_change, record, number)
        changed = time.perf_counter()
        delays += [heard - changed for heard in await told]
        await asyncio.sleep(0.05 + 0.01 * number)
    rss, pss = _sizes(pid)
    for _reader, writer in readers:
        writer.close()
    delays.sort()
    return {
        "opening": round(opening, 2),
        "rss": rss,
        "pss": pss,
        "p50": round(delays[len(delays) // 2] * 1000, 1),
        "p95": round(delays[len(delays) * 95 // 100] * 1000, 1),
    }


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _open(port: int, body: bytes, session: str) -> Ends:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**12)
    head = (
        "POST / HTTP/1.1\r\nHost: bench\r\nOrigin: http://bench\r\n"
        f"Cookie: brigade_session={session}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answered = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in answered:
        raise SystemExit(answered.decode())
    return reader, writer


async def _hear(reader: asyncio.StreamReader) -> float:
    while b"changed" not in (line := await reader.readline()):
        if not line:
            raise SystemExit("a stream ended before it heard of the change")
    return time.perf_counter()


def _prepare(people: Company) -> tuple[Any, bytes]:
    """Open the record that is changed, and write the pass that all streams use."""
    from django.conf import settings
    from django.db import connection

    from brigade.kernel import instants
    from brigade.kernel.live import passes
    from brigade.kernel.live.admission import LONGEST, pass_for
    from brigade.kernel.parties.models import Person
    from brigade.kernel.work.opening import open_record

    lead = Person.objects.get(pk=people.agent)
    fields = {"title": "The printer is on fire", "requester": lead, "impact": 2, "urgency": 2}
    record = open_record("incident", by=lead, fields=fields)
    made = pass_for(lead, people.session, instants.now() + LONGEST)
    asked = {"pass": passes.write(made, passes.signing_key(settings.SECRET_KEY)), "list": True}
    connection.close()
    return (record, lead), json.dumps(asked).encode()


def _change(record: tuple[Any, Any], number: int) -> None:
    from django.db import connection

    from brigade.kernel.work.saying import say

    row, lead = record
    row.refresh_from_db()
    say(row, f"Still burning, {number}.", by=lead, visibility="internal")
    connection.close()


def _relay(stop: threading.Event) -> None:
    from brigade.jobs import live_relay

    live_relay.run(stop)


@contextmanager
def _process(place: Place, streams: int) -> Iterator[tuple[int, int]]:
    from django.conf import settings
    from django.db import connection

    from brigade.kernel.live.passes import signing_key

    told = Told(
        database=place.url(connection.settings_dict["NAME"]),
        key=signing_key(settings.SECRET_KEY).hex(),
        cookie="brigade_session",
        origins=("http://bench",),
        host="127.0.0.1",
        port=_free_port(),
        streams=streams + 1,
        per_person=streams + 1,
        json=True,
        level="warning",
    )
    process = subprocess.Popen(
        command(), env=os.environ | {VARIABLE: json.dumps(asdict(told))}, stdin=subprocess.DEVNULL
    )
    try:
        _wait_until_it_listens(told.port)
        yield told.port, process.pid
    finally:
        process.terminate()
        process.wait(15)


def _wait_until_it_listens(port: int) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=5):
            return
        time.sleep(0.05)
    raise SystemExit(f"the live process does not listen after {READY_SECONDS:.0f} s")


def _sizes(pid: int) -> tuple[float, float]:
    """Return resident and proportional memory of a process in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    rss = next(float(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return round(rss / 1024, 1), round((_pss(pid) or 0) / 1024, 1)


def main() -> None:
    """Measure alone and print the figures as JSON."""
    import resource

    parser = argparse.ArgumentParser("python -m bench.live")
    parser.add_argument("--streams", type=int, default=1000)
    asked = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = asked.streams + LEAST_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, _soft), max(hard, wanted)))
    place = Place()
    try:
        place.open()
        print(json.dumps(measure(place, build(), asked.streams), indent=2))
    finally:
        place.close()


if __name__ == "__main__":
    main()
