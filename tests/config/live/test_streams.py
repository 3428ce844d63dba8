"""The live process against a browser made of two functions: who gets in, and what they hear."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from brigade.config.live.app import Live
from brigade.config.live.hub import MOST_WAITING, Hub
from brigade.config.live.listening import Listener
from brigade.kernel.live import passes
from brigade.kernel.live.channel import digest
from tests.config.live.loops import in_a_thread

KEY = passes.signing_key("known to every test")
ORIGIN = "http://desk.example"
ALL = {"incident": ((("confidential", frozenset({False})),),)}
ROW = {
    "id": 1, "number": "INC-1", "kind": "incident", "team_id": 1, "assignee_id": None,
    "requester_id": 9, "customer_id": 1, "service_id": None, "provider_id": None,
    "confidential": False, "watchers": [],
}  # fmt: skip


class Database(Listener):
    """What the listener would have asked the database."""

    def __init__(self, hub: Hub, rows: list[dict[str, Any]]) -> None:
        super().__init__("", hub)
        self.rows, self.true = rows, True

    async def _ask(self, statement: str, parameters: Any) -> list[dict[str, Any]]:
        if "django_session" in statement:
            return [{}] if self.true else []
        column = "number" if "number = any" in statement else "id"
        return [row for row in self.rows if row[column] in parameters[0]]


class House:
    """A live process with one record."""

    def __init__(self, rows: list[dict[str, Any]] | None = None, **more: Any) -> None:
        self.hub = Hub(more.pop("streams", 10), more.pop("per_person", 2))
        self.database = Database(self.hub, [ROW] if rows is None else rows)
        origins = frozenset({ORIGIN})
        self.live = Live(
            self.hub, self.database, key=KEY, cookie="brigade_session", origins=origins, **more
        )

    async def tell(self, **said: Any) -> None:
        await self.database.tell([said])
        await asyncio.sleep(0.01)

    def page(self, ticket: passes.Pass, **more: Any) -> Page:
        return Page(self.live, ticket, **more)


class Page:
    """An open page: what it was answered, and what it heard."""

    def __init__(
        self, live: Live, ticket: passes.Pass, origin: str = ORIGIN, session: str = "abc",
        takes: Callable[[], Awaitable[object]] | None = None, **asked: Any,
    ) -> None:  # fmt: skip
        self.status, self.body, self.over = 0, b"", False
        self.headers: dict[bytes, bytes] = {}
        self.left = asyncio.Event()
        self._takes, self._sent = takes, False
        self._asked = json.dumps({"pass": passes.write(ticket, KEY), **asked}).encode()
        headers = [(b"origin", origin.encode())]
        headers += [(b"cookie", f"x=1; brigade_session={session}".encode())]
        scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
        self.task = asyncio.create_task(live(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._sent:
            self._sent = True
            return {"type": "http.request", "body": self._asked, "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
            return
        if self._takes is not None:
            await self._takes()
        self.body += message["body"]
        self.over = not message["more_body"]

    def heard(self) -> list[Any]:
        lines = self.body.decode().split("\n\n")
        return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]


def ticket(person: int = 1, **more: Any) -> passes.Pass:
    now = int(time.time())
    given = {"rights": 1, "session": digest("abc"), "at": now, "until": now + 600}
    return passes.Pass(person=person, **given | {"read": {}, "internal": ALL} | more)


def run(play: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await play()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    in_a_thread(lambda: asyncio.wait_for(whole(), 10))


def test_only_a_true_pass_with_its_session_from_our_pages_gets_in() -> None:
    async def play() -> None:
        house = House()
        for page, status in (
            (house.page(ticket(), origin="http://evil.example"), 403),
            (house.page(ticket(), session="another"), 401),
            (house.page(ticket(at=1)), 401),
            (house.page(ticket(until=1)), 401),
        ):
            await page.task
            assert page.status == status and not page.heard()
        house.database.true = False
        page = house.page(ticket())
        await page.task
        assert page.status == 401 and not house.hub.streams
        assert page.headers[b"access-control-allow-origin"] == ORIGIN.encode()

    run(play)


def test_a_person_has_so_many_streams_and_no_more() -> None:
    async def play() -> None:
        house = House()
        pages = [house.page(ticket()) for _ in range(3)]
        other = house.page(ticket(person=2))
        await asyncio.sleep(0.05)
        assert [page.status for page in (*pages, other)] == [200, 200, 429, 200]
        pages[0].left.set()
        await asyncio.sleep(0.05)
        assert house.hub.people == {1: 1, 2: 1}

    run(play)


def test_a_page_hears_only_of_what_its_person_may_see() -> None:
    async def play() -> None:
        hidden = ROW | {"id": 2, "number": "INC-2", "confidential": True, "requester_id": 3}
        house = House([ROW, hidden], per_person=9)
        agent = house.page(ticket(), list=True)
        mine = {"incident": ((("requester_id", frozenset({9})),),)}
        asker = house.page(ticket(person=9, read=mine, internal={}), list=True)
        follower = house.page(ticket(person=8, read={}, internal={}), list=True)
        elsewhere = house.page(ticket(), record="INC-7")
        await asyncio.sleep(0.05)
        await house.tell(changed=[[1, 5, 0], [2, 3, 3]], present=[1, 2])
        assert agent.heard() == [{"changed": {"INC-1": 5}}]
        assert asker.heard() == follower.heard() == elsewhere.heard() == []
        house.database.rows[0] = ROW | {"watchers": [8]}
        await house.tell(changed=[[1, 7, 6]])
        assert agent.heard()[-1] == {"changed": {"INC-1": 7}}
        assert asker.heard()[-1] == follower.heard()[-1] == {"changed": {"INC-1": 6}}

    run(play)


def test_what_leaves_ones_reach_leaves_the_page_and_nothing_more_is_said() -> None:
    async def play() -> None:
        mine = {"incident": ((("team_id", frozenset({1})),),)}
        hidden = ROW | {"id": 2, "number": "INC-2", "team_id": 7}
        row = dict(ROW)
        house = House([row, hidden])
        page = house.page(ticket(internal=mine), list=True, shows=["INC-1", "INC-2", "INC-3"])
        other = house.page(ticket(2, internal=mine), list=True)
        await asyncio.sleep(0.02)
        assert page.heard() == [{"gone": ["INC-2", "INC-3"]}]
        await house.tell(changed=[[1, 5, 0], [2, 4, 0]])
        assert page.heard()[1:] == [{"changed": {"INC-1": 5}}]
        row["team_id"] = 2
        await house.tell(changed=[[1, 6, 0]])
        await house.tell(changed=[[1, 7, 0]])
        assert page.heard()[2:] == [{"gone": ["INC-1"]}]
        assert other.heard() == [{"changed": {"INC-1": 5}}]

    run(play)


def test_who_is_there_is_said_to_the_page_of_the_record_alone() -> None:
    async def play() -> None:
        house = House(per_person=9)
        here = house.page(ticket(), record="INC-1")
        queue = house.page(ticket(), list=True)
        asker = house.page(ticket(9, internal={}, read=ALL), record="INC-1")
        await asyncio.sleep(0.05)
        await house.tell(present=[1])
        assert here.heard() == [{"present": True}]
        assert queue.heard() == asker.heard() == []
        await house.tell(told=[1])
        assert here.heard()[-1] == {"counts": True}

    run(play)


def test_streams_end_with_access_and_with_the_process() -> None:
    async def play() -> None:
        house = House(per_person=9)
        sam, twin = house.page(ticket()), house.page(ticket(2))
        await asyncio.sleep(0.05)
        await house.tell(people=[1], changed=[[1, 2, 2]])
        assert sam.over and sam.heard()[-1] == {"end": "gone"} and not twin.over
        await house.tell(sessions=[digest("abc")])
        assert twin.heard()[-1] == {"end": "gone"}
        last = house.page(ticket())
        await asyncio.sleep(0.05)
        house.hub.end_all("stop")
        await last.task
        assert last.over and last.heard() == [{"end": "stop"}] and not house.hub.streams

    run(play)


def test_a_pass_that_runs_out_ends_its_stream() -> None:
    async def play() -> None:
        house = House(heartbeat=0.05)
        page = house.page(ticket(until=time.time() + 0.3))
        await asyncio.sleep(0.2)
        assert page.body.count(b":\n\n") >= 2
        await page.task
        assert page.heard() == [{"end": "renew"}]

    run(play)


def test_a_slow_reader_keeps_little_waiting_and_looks_again() -> None:
    async def play() -> None:
        many = [ROW | {"id": n, "number": f"INC-{n}"} for n in range(1, MOST_WAITING * 3)]
        house, gate = House(many), asyncio.Event()
        page = house.page(ticket(), list=True, takes=gate.wait)
        await asyncio.sleep(0.05)
        for row in many:
            await house.database.tell([{"changed": [[row["id"], 2, 2]]}])
        (stream,) = house.hub.streams
        assert len(stream.changed) <= MOST_WAITING
        gate.set()
        await asyncio.sleep(0.05)
        assert page.heard()[0]["again"] is True

    run(play)
