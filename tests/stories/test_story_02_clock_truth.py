"""Clock truth across a pause, the change to summer time, and another priority.

A P2 for Eve on Friday 27 March 2026 at 16:40: an answer within 30 minutes, the
ledger back within 8 working hours of the London office (8 to 18). The answer
comes at 16:55, work starts at 17:00 and waits for Eve from 17:10 until Monday 9:00,
with the clocks put forward in between. At 10:00 it becomes critical, at 12:10 it
is fixed. Played at the pages and by a program, each ends with the same figures,
and a replay of the journal gives the same segments.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from brigade.kernel.calendars.models import Calendar
from brigade.kernel.clocks.actions import add_target
from brigade.kernel.clocks.models import Clock
from brigade.kernel.clocks.queries import segments_of
from brigade.kernel.clocks.replay import replay
from brigade.kernel.instants import at_instant, now
from brigade.kernel.parties.actions import issue_token, operator
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import Record
from tests.cast import Cast
from tests.kernel.clocks.conftest import timed

__all__ = ["timed"]

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
DONE = {"resolution": "Licence renewed.", "category": "erp/ledger", "close_code": "fixed"}


def at(day: int, hour: int, minute: int = 0) -> Any:
    return at_instant(datetime(2026, 3, day, hour, minute, tzinfo=LONDON))


def due(record: Record) -> datetime:
    """When the record is due, as the queue sorts it, in London."""
    return Record.objects.get(pk=record.pk).next_due.astimezone(LONDON)


def holds(record: Record) -> None:
    """Assert the figures of the story, stored and derived again."""
    respond, restore = Clock.objects.filter(record=record, name__in=("respond", "restore"))
    assert (respond.state, respond.counted // 60) == ("stopped", 15)
    assert (restore.state, restore.counted // 60, restore.paused // 60) == ("stopped", 220, 110)
    derived = replay(Record.objects.get(pk=record.pk))
    stored = {row.number: segments_of(record.pk, row.number) for row in record.clocks.all()}
    assert {n: list(one.segments) for n, one in enumerate(derived, 1)} == stored
    minutes = [
        (one.kind, one.seconds // 60) for one in stored[restore.number] if one.kind != "resolved"
    ]
    assert minutes == [("run", 30), ("pause", 110), ("run", 60), ("run", 130)]
    assert Record.objects.get(pk=record.pk).priority == 1
    assert verify().holds


def also_for_the_rest() -> None:
    """Promise something on every priority: the form of a new incident asks for no impact."""
    office = Calendar.objects.get(key="london")
    for key in ("incident.respond", "incident.restore"):
        add_target(key, "incident", name=f"{key} other", conditions={"priority": [3, 4, 5]},
                   seconds=24 * 3600, calendar=office, by=operator("Brigade"))  # fmt: skip


class Pages:
    """The story at the pages: forms are sent as the pages have them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.client = self.signed_in(cast.sam)

    @staticmethod
    def signed_in(person: Any) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def send(self, path: str, form: dict[str, Any]) -> None:
        answer = self.client.post(path, form)
        assert answer.status_code == 302, re.findall(r'class="err".*', answer.content.decode())

    def logged(self) -> Record:
        form = {"requester": self.cast.eve.pk, "title": "Ledger down", "key": "story",
                "service": self.cast.erp.pk}  # fmt: skip
        self.send("/new/incident", form)
        record = Record.objects.get()
        for name, value in (("impact", 2), ("urgency", 1)):
            self.send(f"/{record.number}/fields/{name}", {name: value})
        return record

    def reply(self, record: Record) -> None:
        form = {"visibility": "public", "body": "We are on it.", "key": "answer", "seen": "9"}
        self.send(f"/{record.number}/entries", form)

    def move(self, record: Record, step: str, **fields: Any) -> None:
        if fields:
            self.send(f"/{record.number}/moves/{step}", fields)
        else:
            self.send(f"/{record.number}/moves", {"transition": step})

    def impact(self, record: Record, value: int) -> None:
        self.send(f"/{record.number}/fields/impact", {"impact": value})


class Program:
    """The story by a program."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        issued = issue_token(cast.sam, by=cast.sam, name="story", scopes=("read", "write"),
                             expires_at=now() + timedelta(days=300))  # fmt: skip
        self.headers = {"Authorization": f"Bearer {issued.raw}"}

    def send(self, path: str, body: dict[str, Any], method: str = "POST") -> Any:
        answer = Client().generic(method, f"/api/v1{path}", json.dumps(body).encode(),
                                  "application/json", headers=self.headers)  # fmt: skip
        assert answer.status_code < 300, answer.content
        return json.loads(answer.content)

    def logged(self) -> Record:
        fields = {"requester": self.cast.eve.pk, "service": self.cast.erp.pk,
                  "impact": 2, "urgency": 1}  # fmt: skip
        made = self.send("/records", {"title": "Ledger down", "fields": fields})
        return Record.objects.get(number=made["number"])

    def reply(self, record: Record) -> None:
        body = {"body": "We are on it.", "visibility": "public"}
        self.send(f"/records/{record.number}/entries", body)

    def move(self, record: Record, step: str, **fields: Any) -> None:
        self.send(f"/records/{record.number}/transitions", {"transition": step, "fields": fields})

    def impact(self, record: Record, value: int) -> None:
        self.send(f"/records/{record.number}", {"fields": {"impact": value}}, "PATCH")


@pytest.mark.parametrize("way", [Pages, Program])
def test_every_minute_is_where_it_belongs(timed: Cast, way: Any) -> None:
    with at_instant(datetime(2026, 3, 1, tzinfo=UTC)):
        also_for_the_rest()
        player = way(timed)
    with at(27, 16, 40):
        record = player.logged()
        assert Record.objects.get(pk=record.pk).priority == 2
    with at(27, 16, 55):
        player.reply(record)
    assert due(record) == datetime(2026, 3, 30, 14, 40, tzinfo=LONDON)
    with at(27, 17, 0):
        player.move(record, "start")
    with at(27, 17, 10):
        player.move(record, "wait", waiting_reason="requester")
    with at(30, 9):
        player.move(record, "resume")
    assert due(record) == datetime(2026, 3, 30, 16, 30, tzinfo=LONDON)
    with at(30, 10):
        player.impact(record, 1)
    assert due(record) == datetime(2026, 3, 30, 12, 30, tzinfo=LONDON)
    with at(30, 12, 10):
        player.move(record, "resolve", **DONE)
    holds(record)
    explained(timed, record)


def explained(timed: Cast, record: Record) -> None:
    """Lena, who leads the desk, reads the account on one page; a program reads the same."""
    with at(30, 13):
        lena = Pages.signed_in(timed.lena)
        page = re.sub(r"\s+", " ", lena.get(f"/{record.number}/clocks").content.decode())
        told = lena.get(f"/api/v1/records/{record.number}/clocks").json()["items"]
    assert "Kept: it took 15 min of the 30 min promised." in page
    assert "Kept: it took 3 h 40 min of the 4 h promised." in page
    for worked in ("30 min", "1 h 50 min", "1 h", "2 h 10 min"):
        assert f'<td class="num nw">{worked}</td>' in page
    restore = next(one for one in told if one["clock"] == "restore")
    assert (restore["met"], restore["as_stored"]) == (True, True)
    assert [
        (one["kind"], one["reason"], one["seconds"], one["counted_before"])
        for one in restore["segments"]
        if one["kind"] != "resolved"
    ] == [
        ("run", "", 1800, 0),
        ("pause", "requester", 6600, 1800),
        ("run", "", 3600, 1800),
        ("run", "", 7800, 5400),
    ]
    pause = restore["segments"][1]
    assert pause["closed_seconds"] == (62 * 60 + 50) * 60 - 6600  # Friday 17:10 to Monday 9:00
