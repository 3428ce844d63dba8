"""The first incident, from the report to the figure.

Eve of Finance reports that her ledger does not open. Sam takes it, replies and
asks; Eve answers; Sam resolves; Eve confirms; Lena finds it behind a figure.
Played by keyboard alone at a desk and on a phone, and once more by programs,
with the same result.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from brigade.kernel.instants import now
from brigade.kernel.parties.actions import issue_token
from brigade.kernel.parties.models import Person
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import JournalEntry, Record
from tests.cast import Cast
from tests.stories.keyboard import Typist

TITLE = "Ledger does not open"
WHAT = "Since nine o'clock, for all of us."
HELLO = "We look at the licence server."
QUESTION = "Which version stands on the start screen?"
ANSWER = "It says 12.4."
CURE = "The licence was renewed."


def result(record: Record) -> dict[str, Any]:
    """Return what a story comes to, whichever way it was played."""
    record.refresh_from_db()
    entries = JournalEntry.objects.filter(record=record).order_by("number")
    return {
        "state": record.state,
        "priority": record.priority,
        "urgent": record.data["urgent"],
        "resolution": record.data["resolution"],
        "people": (record.requester_id, record.assignee_id, record.team_id, record.customer_id),
        "entries": [
            (one.kind, one.transition or "", one.visibility, one.actor_id, one.body or "")
            for one in entries
        ],
    }


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_played_by_keyboard(visitor: Any, desk: Cast, size: str) -> None:
    eve, sam, lena = (Typist(visitor(who, size=size)) for who in (desk.eve, desk.sam, desk.lena))
    eve_reports(eve)
    record = Record.objects.get()
    sam_takes_and_asks(sam, record)
    eve_answers(eve, record)
    sam_resolves(sam, record)
    eve_confirms(eve, record)
    lena_finds_it(lena, record)
    assert result(record) == expected(desk)
    assert verify().holds
    for who, keys, pages in ((eve, 110, 6), (sam, 180, 9), (lena, 30, 2)):
        assert who.keys <= keys and who.pages <= pages, (who.keys, who.pages)
        assert who.visitor.problems == []


def eve_reports(eve: Typist) -> None:
    eve.open("/help/report")
    eve.tab_to("What is wrong?")
    eve.write(TITLE)
    eve.tab_to("What happens?")
    eve.write(WHAT)
    eve.tab_to("Can you go on working?")
    eve.press("ArrowDown")
    eve.tab_to("Send report")
    eve.enter("Sent. Its number is INC-")


def sam_takes_and_asks(sam: Typist, record: Record) -> None:
    sam.open("/queue")
    sam.tab_to("Unassigned")
    sam.enter(TITLE)
    sam.press("j")
    sam.enter("Since nine o'clock")
    sam.press("s")
    sam.sees("is now: In progress")
    sam.press("r")
    sam.write(HELLO)
    sam.press("Control+Enter")
    sam.sees("Your reply goes to Eve Ledger.")
    sam.press("r")
    sam.write(QUESTION)
    sam.tab_to("Send and wait on Eve")
    sam.enter("Waiting")
    record.refresh_from_db()
    assert record.state == "waiting"


def eve_answers(eve: Typist, record: Record) -> None:
    eve.open(f"/requests/{record.number}")
    eve.sees(QUESTION)
    eve.tab_to("Your answer")
    eve.write(ANSWER)
    eve.tab_to("Send")
    eve.enter(ANSWER)


def sam_resolves(sam: Typist, record: Record) -> None:
    sam.open(f"/{record.number}")
    sam.sees(ANSWER)
    sam.tab_to("Resolve")
    sam.enter("Resolution")
    sam.tab_to("Resolution")
    sam.write(CURE)
    sam.tab_to("Resolve")
    sam.enter("is now: Resolved")


def eve_confirms(eve: Typist, record: Record) -> None:
    eve.open(f"/requests/{record.number}")
    eve.sees(CURE)
    eve.tab_to("Confirm it is fixed")
    eve.enter("It is closed now.")


def lena_finds_it(lena: Typist, record: Record) -> None:
    lena.open("/figures/incidents")
    lena.tab_to("1", exactly=True)
    lena.enter(record.number)


def expected(desk: Cast) -> dict[str, Any]:
    eve, sam = desk.eve.pk, desk.sam.pk
    return {
        "state": "closed",
        "priority": 2,
        "urgent": True,
        "resolution": CURE,
        "people": (eve, sam, desk.service_desk.pk, desk.finance.pk),
        "entries": [
            ("opened", "", "public", eve, WHAT),
            ("moved", "start", "public", sam, ""),
            ("said", "", "public", sam, HELLO),
            ("moved", "wait", "public", sam, QUESTION),
            ("moved", "resume", "public", eve, ANSWER),
            ("moved", "resolve", "public", sam, ""),
            ("moved", "confirm", "public", eve, ""),
        ],
    }


class Program:
    """A program that acts for a person through the API."""

    def __init__(self, person: Person) -> None:
        issued = issue_token(person, by=person, name="story", scopes=("read", "write"),
                             expires_at=now() + timedelta(days=1))  # fmt: skip
        self.headers = {"Authorization": f"Bearer {issued.raw}"}

    def send(self, path: str, body: dict[str, Any], method: str = "POST") -> Any:
        answer = Client().generic(method, f"/api/v1{path}", json.dumps(body).encode(),
                                  "application/json", headers=self.headers)  # fmt: skip
        assert answer.status_code < 300, answer.content
        return json.loads(answer.content)

    def read(self, path: str) -> Any:
        return json.loads(Client().get(f"/api/v1{path}", headers=self.headers).content)


@pytest.mark.django_db
def test_played_by_programs(desk: Cast) -> None:
    eve, sam, lena = Program(desk.eve), Program(desk.sam), Program(desk.lena)
    fields = {"urgent": True}
    number = eve.send("/records", {"title": TITLE, "description": WHAT, "fields": fields})["number"]
    queue = sam.read("/records?category=new&sort=due")["items"]
    assert [row["number"] for row in queue] == [number]
    at = f"/records/{number}"
    sam.send(f"{at}/take", {})
    sam.send(f"{at}/entries", {"body": HELLO, "visibility": "public"})
    waits = {"transition": "wait", "fields": {"waiting_reason": "requester"}, "body": QUESTION}
    sam.send(f"{at}/transitions", waits)
    eve.send(f"{at}/transitions", {"transition": "resume", "body": ANSWER})
    sam.send(f"{at}/transitions", {"transition": "resolve", "fields": {"resolution": CURE}})
    eve.send(f"{at}/transitions", {"transition": "confirm"})
    found = lena.read("/records?category=closed")["items"]
    assert [row["number"] for row in found] == [number]
    assert result(Record.objects.get(number=number)) == expected(desk)
    assert verify().holds
