"""The ASGI application: let a page in, keep its stream, end it in order.

`POST` with the pass as text opens a stream. That is a request which browsers
send across ports without asking first, and its origin is looked at here.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import psycopg

from brigade.config.live.hub import Hub, Stream, event
from brigade.config.live.listening import Listener, problem
from brigade.kernel.live import passes
from brigade.kernel.live.channel import digest

HEARTBEAT_SECONDS = 15.0
SLOW_SECONDS = 20.0
"""A reader that takes nothing for so long is let go."""
BODY_SECONDS = 10.0
MOST_SHOWN = 100
"""Records of one page that are watched for leaving its person's reach."""

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Live:
    """Answers `/-/health`, `/-/ready`, and every POST below any path with a stream."""

    def __init__(
        self,
        hub: Hub,
        listener: Listener,
        *,
        key: bytes,
        cookie: str,
        origins: frozenset[str],
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.hub, self.listener = hub, listener
        self.key, self.cookie, self.origins = key, cookie, origins
        self.heartbeat = heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["path"].endswith("/-/health"):
            return await _answer(send, 200, b'{"status":"ok"}')
        if scope["path"].endswith("/-/ready"):
            ready = self.listener.hears
            said = {"status": "ok" if ready else "unavailable", "streams": len(self.hub.streams)}
            return await _answer(send, 200 if ready else 503, json.dumps(said).encode())
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        if scope["method"] != "POST" or origin not in self.origins:
            return await _answer(send, 405 if scope["method"] != "POST" else 403)
        await self._stream(_session(headers, self.cookie), _crossing(origin), receive, send)

    async def _stream(self, session: str, crossing: Headers, receive: Receive, send: Send) -> None:
        asked = await _body(receive)
        ticket = passes.read(asked.get("pass", ""), self.key, time.time()) if asked else None
        if ticket is None or not session or digest(session) != ticket.session:
            return await _answer(send, 401, b"", crossing)
        if self.hub.full(ticket.person):
            return await _answer(send, 429, b"", crossing)
        stream = Stream(ticket, str(asked.get("record", "")), bool(asked.get("list")))
        self.hub.open(stream)
        try:
            if not await self.listener.stands(ticket, session):
                return await _answer(send, 401, b"", crossing)
            if shown := _shown(asked):
                stream.hold(shown, await self.listener.rows_of(shown))
            await self._keep(stream, crossing, receive, send)
        except psycopg.Error as error:
            await _answer(send, 503, problem(error), crossing)
        finally:
            self.hub.close(stream)

    async def _keep(self, stream: Stream, crossing: Headers, receive: Receive, send: Send) -> None:
        kind = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": kind + crossing})
        left = asyncio.ensure_future(_until_left(stream, receive))
        over = asyncio.get_running_loop().call_later(
            max(stream.ticket.until - time.time(), 0), stream.end, "renew"
        )
        try:
            await _write(send, b": here\n\n")
            while not stream.ended:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await stream.wake.wait()
                said = stream.take(time.monotonic())
                await _write(send, event(said) if said else b":\n\n")
            if stream.ended != "left":
                await _write(send, event({"end": stream.ended}))
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, OSError):
            stream.end("slow")
        finally:
            over.cancel()
            left.cancel()

    def _pause(self) -> float:
        return self.heartbeat * random.uniform(0.8, 1.0)


async def _write(send: Send, body: bytes) -> None:
    async with asyncio.timeout(SLOW_SECONDS):
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_left(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end("left")


async def _body(receive: Receive) -> dict[str, Any]:
    """Return what the page asks; nothing where it is too long, too slow or no JSON object."""
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return {}
                body += message.get("body", b"")
                if len(body) > passes.LARGEST * 2:
                    return {}
                if not message.get("more_body", False):
                    break
        asked = json.loads(body)
    except (TimeoutError, ValueError):
        return {}
    return asked if isinstance(asked, dict) and isinstance(asked.get("pass"), str) else {}


def _shown(asked: Mapping[str, Any]) -> list[str]:
    """Return the numbers of the records that a page says it shows."""
    given = asked.get("shows")
    numbers = given[:MOST_SHOWN] if isinstance(given, list) else []
    return [one for one in numbers if isinstance(one, str) and len(one) < 20 and one.isascii()]


def _session(headers: Mapping[bytes, bytes], cookie: str) -> str:
    for part in headers.get(b"cookie", b"").decode("latin-1").split(";"):
        name, _equals, value = part.strip().partition("=")
        if name == cookie:
            return value
    return ""


def _crossing(origin: str) -> Headers:
    return [
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"origin"),
    ]


async def _answer(send: Send, status: int, body: bytes = b"", more: Headers | None = None) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers + (more or [])})
    await send({"type": "http.response.body", "body": body, "more_body": False})
