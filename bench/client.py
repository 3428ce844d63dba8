"""A load client lean enough not to be what is measured: raw sockets kept open, one thread each."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

Ask = Callable[[int, int], bytes]
"""From client and turn, both counted from 0, to the bytes of a request."""


class Broken(Exception):
    """An answer that is not a success: the run is worth nothing."""


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Return a request as it goes over the line."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Line:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, sent: bytes) -> tuple[int, bytes, bytes]:
        """Send a request; return status, head and body of the answer."""
        self._socket.sendall(sent)
        got = self._more(b"")
        while (end := got.find(b"\r\n\r\n")) < 0:
            got = self._more(got)
        head, body = got[:end], got[end + 4 :]
        status = int(head[9:12])
        low = head.lower()
        if b"transfer-encoding: chunked" in low:
            return status, head, self._chunks(body)
        place = low.find(b"content-length:")
        length = int(low[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
        while len(body) < length:
            body = self._more(body)
        return status, head, body

    def _more(self, got: bytes) -> bytes:
        more = self._socket.recv(262_144)
        if not more:
            raise Broken("the server closed the connection")
        return got + more

    def _chunks(self, got: bytes) -> bytes:
        whole = b""
        while True:
            while (end := got.find(b"\r\n")) < 0:
                got = self._more(got)
            size = int(got[:end], 16)
            while len(got) < end + 2 + size + 2:
                got = self._more(got)
            if size == 0:
                return whole
            whole += got[end + 2 : end + 2 + size]
            got = got[end + 4 + size :]

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@dataclass
class Load:
    """What clients saw: the milliseconds of each request, and how long they were at it."""

    clients: int
    seconds: float = 0.0
    client_cpu: float = 0.0
    server_cpu: float = 0.0
    times: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    @property
    def client_cpu_ms(self) -> float:
        """Processor time the clients themselves took for a request."""
        return 1000 * self.client_cpu / len(self.times) if self.times else 0.0

    @property
    def server_cpu_ms(self) -> float:
        """Processor time the server took for a request: the steadier figure where others work."""
        return 1000 * self.server_cpu / len(self.times) if self.times else 0.0


WARM_TURNS = 20
"""Answers that each client has had before anything counts: its process knows its work by then."""


def load(
    port: int,
    clients: int,
    seconds: float,
    ask: Ask,
    *,
    warm: float = 0.5,
    cpu: Callable[[], float] = float,
) -> Load:
    """Let `clients` ask one request after another; the first `warm` seconds do not count.

    `cpu` says how much processor time the server has used. Raises Broken at the first
    answer that is no success.
    """
    gate = threading.Barrier(clients + 1)
    crowd = [_Client(port, number, seconds, ask, warm, gate) for number in range(clients)]
    for each in crowd:
        each.start()
    with suppress(threading.BrokenBarrierError):
        gate.wait(60)
        gate.wait(180)
    begun, own, served = time.perf_counter(), time.process_time(), cpu()
    for each in crowd:
        each.join()
    for each in crowd:
        if each.error is not None and not isinstance(each.error, threading.BrokenBarrierError):
            raise each.error
    return Load(
        clients,
        seconds=time.perf_counter() - begun,
        client_cpu=time.process_time() - own,
        server_cpu=cpu() - served,
        times=[took for each in crowd for took in each.times],
    )


class _Client(threading.Thread):
    """One connection that asks, first to warm up, then to be counted."""

    def __init__(
        self, port: int, number: int, seconds: float, ask: Ask, warm: float, gate: threading.Barrier
    ) -> None:
        super().__init__(daemon=True)
        self._port, self._number, self._ask, self._gate = port, number, ask, gate
        self._seconds, self._warm = seconds, warm
        self.times: list[float] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        """Warm up, wait for the others, be counted."""
        try:
            line = Line(self._port)
            self._gate.wait(60)
            turn = _until(line, self._ask, self._number, 0, self._warm, [], WARM_TURNS)
            self._gate.wait(120)
            _until(line, self._ask, self._number, turn, self._seconds, self.times, 1)
            line.close()
        except BaseException as error:
            self.error = error
            self._gate.abort()


def _until(
    line: Line, ask: Ask, client: int, turn: int, seconds: float, times: list[float], least: int
) -> int:
    """Ask for so many seconds and at least so often; note the times, return the next turn."""
    clock = time.perf_counter
    end, last = clock() + seconds, turn + least
    while (begun := clock()) < end or turn < last:
        status, _head, body = line.ask(ask(client, turn))
        times.append(1000 * (clock() - begun))
        if status >= 300:
            raise Broken(f"{status}: {body[:300].decode(errors='replace')}")
        turn += 1
    return turn
