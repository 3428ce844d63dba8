"""The listener on a real database: access ends at once, and a restart costs no stream."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from brigade.config.live.hub import Hub, Stream
from brigade.config.live.listening import Listener
from brigade.kernel import instants
from brigade.kernel.live import passes, presence
from brigade.kernel.live.admission import pass_for
from brigade.kernel.live.news import News
from brigade.kernel.live.queries import listeners
from brigade.kernel.parties.actions import disable_person, set_password
from brigade.kernel.parties.models import Person
from brigade.kernel.records.models import Record
from brigade.kernel.work.saying import say
from tests.cast import Cast
from tests.config.live.loops import in_a_thread
from tests.kernel.work.conftest import desk, incident

__all__ = ["desk", "incident"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def django_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test plays the other processes itself, between two turns of the listener."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def conninfo() -> str:
    given = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return " ".join(f"{name}='{given[name]}'" for name in names if given.get(name))


class Ear:
    """A listener in the test's own process, with streams that nobody reads."""

    def __init__(self) -> None:
        self.hub = Hub(10, 10)
        self.listener = Listener(conninfo(), self.hub)

    def stream(self, person: Person, session: str, **more: object) -> Stream:
        person.refresh_from_db()
        ticket: passes.Pass = pass_for(person, session, instants.now().replace(year=2100))
        made = Stream(ticket, str(more.get("record", "")), bool(more.get("list")))
        self.hub.open(made)
        return made


async def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def run(play: Callable[[Ear], Awaitable[None]]) -> None:
    async def whole() -> None:
        ear = Ear()
        listening = asyncio.create_task(ear.listener.run())
        await until(lambda: ear.listener.hears)
        await play(ear)
        listening.cancel()
        if ear.listener._asking is not None:
            await ear.listener._asking.close()

    in_a_thread(whole)


def test_access_that_ends_ends_streams_at_once(desk: Cast) -> None:
    session = SessionStore()
    session.create()
    key = str(session.session_key)

    async def play(ear: Ear) -> None:
        sam, eve = ear.stream(desk.sam, key), ear.stream(desk.eve, "another")
        nora, tom = ear.stream(desk.nora, "hers"), ear.stream(desk.tom, "his")
        assert await ear.listener.stands(sam.ticket, key)
        assert not await ear.listener.stands(sam.ticket, "no such session")
        session.delete()
        await until(lambda: sam.ended)
        disable_person(desk.eve, by=desk.ada)
        await until(lambda: eve.ended)
        set_password(desk.nora, "a long enough word", by=desk.nora)
        await until(lambda: nora.ended)
        assert not tom.ended

    run(play)


def test_what_is_committed_reaches_who_may_see_it(desk: Cast, incident: Record) -> None:
    news = News()
    news.turn()

    def reply() -> None:
        say(incident, "We are at it.", by=desk.sam, visibility="internal")
        news.turn()
        presence.show_presence(incident, "noting", by=desk.sam)

    async def play(ear: Ear) -> None:
        nora = ear.stream(desk.nora, "hers", record=incident.number)
        eve = ear.stream(desk.eve, "another", list=True)
        reply()
        await until(lambda: nora.present)
        assert nora.changed == {incident.number: 2} and eve.changed == {}
        await until(lambda: [streams for _name, streams in listeners()] == [2])

    run(play)


def test_a_lost_connection_is_made_again_and_everybody_asks_anew(desk: Cast) -> None:
    async def play(ear: Ear) -> None:
        tom = ear.stream(desk.tom, "his")
        _cut()
        await until(lambda: tom.ended == "renew" and ear.listener.hears)
        again = ear.stream(desk.tom, "his")
        assert not await ear.listener.stands(again.ticket, "no such session")

    run(play)


def _cut() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name like 'brigade live%'"
        )
