"""Timely decisions: an investment that is decided late, and what is done about it.

Paul raises an investment of 120,000 on Monday 2 March 2026. The right says: the
portfolio board, three of five, ten working days, so by 16 March. Only two vote; those who
did not are reminded on 9 and 12 March, and on the 16th it goes to Petra, who heads IT.
She decides on the 18th: twelve working days, three of them preparing, seven waiting for
the quorum, two escalated. In the quarter 16 of 20 are decided in time, half within six
working days. The board votes electronically from then on. Played at the pages and by a
program, each ends with the same figures.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from brigade.governance.decisions.actions import prepare, raise_decision
from brigade.governance.decisions.asking import live_vote
from brigade.governance.decisions.ending import act_on_deadlines
from brigade.governance.decisions.models import Decision
from brigade.kernel.approvals.actions import expire_due, remind_due, vote
from brigade.kernel.instants import at_instant, now
from brigade.kernel.outbox.models import Message
from brigade.kernel.parties.actions import issue_token
from brigade.kernel.records.models import Record
from tests.governance.board import SEATS, Board, portfolio_board

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
IN_TIME = (2, 3, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7, 8, 8, 9, 10)
LATE = (11, 11, 13)
"""Working days that the other nineteen of the quarter took: with the story's twelve, twenty."""
WORDS = {"question": "It is out of support from March.", "topic": "investment"}


def on(day: int, hour: int = 10) -> Any:
    return at_instant(datetime(2026, 3, day, hour, tzinfo=UTC))


def later(count: int) -> date:
    """The day so many working days after Monday 12 January 2026."""
    weeks, days = divmod(count, 5)
    return date(2026, 1, 12) + timedelta(days=7 * weeks + days)


def nineteen_others(board: Board) -> None:
    """What the portfolio manager alone decided this quarter, sixteen in time and three late."""
    with at_instant(datetime(2026, 1, 12, 10, tzinfo=UTC)):
        made = [
            prepare(
                raise_decision(f"Small {n}", by=board.cast.vera, topic="investment",
                               amount=100_00, currency="EUR"),
                by=board.cast.vera, options=[{"title": "Do it"}], recommended=0,
            )
            for n in range(len(IN_TIME) + len(LATE))
        ]  # fmt: skip
    for decision, took in zip(made, IN_TIME + LATE, strict=True):
        running = live_vote(decision)
        assert running is not None
        with at_instant(datetime.combine(later(took), datetime.min.time(), UTC).replace(hour=12)):
            vote(running, "approve", by=board.cast.paul)


class Pages:
    """The story at the pages."""

    def __init__(self, board: Board) -> None:
        self.board = board

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(getattr(self.board.cast, name), backend=BACKEND)
        return client

    def send(self, name: str, path: str, form: dict[str, Any]) -> str:
        answer = self.client(name).post(path, form)
        assert answer.status_code == 302, re.findall(r'class="err".*', answer.content.decode())
        return str(answer["Location"])

    def raised(self) -> str:
        form = WORDS | {"title": "Replace the console", "amount": "120,000", "currency": "EUR"}
        return self.send("paul", "/decisions/new", form).strip("/")

    def prepared(self, number: str) -> None:
        form = {"title_0": "Extend support", "title_1": "Replace, phased", "amount_1": "120,000",
                "criteria": "Risk; 35\nCost; 25", "marks_0": "High; 20\nLow; 80",
                "marks_1": "Low; 90\nHigh; 30", "recommended": "1"}  # fmt: skip
        self.send("paul", f"/decisions/{number}/paper", form)
        self.send("paul", f"/decisions/{number}/opening", {})

    def voted(self, name: str, approval: int) -> None:
        self.send(name, f"/approvals/{approval}/votes", {"vote": "approve"})

    def improved(self, series: int) -> str:
        form = {"title": "Vote without waiting for a meeting", "right": series,
                "owner": self.board.cast.paul.pk, "measure": "K56, per cent",
                "baseline": "80", "target": "95"}  # fmt: skip
        return self.send("petra", "/improvements/new", form).strip("/")

    def electronic(self, series: int) -> None:
        right, cast = self.board.large, self.board.cast
        form = {"topic": right.topic, "currency": "EUR", "amount_from": "50,000",
                "body": self.board.team.pk, "seats": 5, "quorum": 3, "majority": "simple",
                "deadline_wd": 10, "calendar": self.board.calendar.pk, "silent_wd": 5,
                "escalate_to": cast.petra.pk, "voting": "electronic"}  # fmt: skip
        self.send("petra", f"/decision-rights/{series}", form)

    def told(self, number: str) -> None:
        """What the page, the register and the figure say."""
        paul = self.client("paul")
        page = re.sub(r"\s+", " ", paul.get(f"/{number}").content.decode())
        facts = dict(re.findall(r"<dt>([^<]*)</dt> <dd>([^<]*?) ?</dd>", page))
        assert facts["Preparing"] == "3 working days"
        assert facts["Waiting for the quorum"] == "7 working days"
        assert (facts["Escalated"], facts["Altogether"]) == ("2 working days", "12 working days")
        register = paul.get("/decisions").content.decode()
        said = re.sub(r"<[^>]*>|\s+", " ", register)
        assert re.search(r"80(\.0)?% +of 20 rows", said), said
        assert "6 working days" in said


class Program:
    """The story by a program."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.tokens: dict[str, str] = {}

    def send(self, name: str, path: str, body: dict[str, Any], method: str = "POST") -> Any:
        answer = Client().generic(
            method, f"/api/v1{path}", json.dumps(body).encode() if body is not None else b"",
            "application/json", headers={"Authorization": f"Bearer {self.token(name)}"},
        )  # fmt: skip
        assert answer.status_code < 300, answer.content
        return json.loads(answer.content)

    def token(self, name: str) -> str:
        if name not in self.tokens:
            person = getattr(self.board.cast, name)
            issued = issue_token(person, by=person, name="story", scopes=("read", "write"),
                                 expires_at=now() + timedelta(days=300))  # fmt: skip
            self.tokens[name] = issued.raw
        return self.tokens[name]

    def raised(self) -> str:
        body = WORDS | {"title": "Replace the console", "amount": 120_000_00, "currency": "EUR"}
        return str(self.send("paul", "/decisions", body)["number"])

    def prepared(self, number: str) -> None:
        body = {"options": [{"title": "Extend support"}, {"title": "Replace, phased"}],
                "recommended": 1}  # fmt: skip
        self.send("paul", f"/decisions/{number}/paper", body, "PUT")
        self.send("paul", f"/decisions/{number}/opening", {})

    def voted(self, name: str, approval: int) -> None:
        self.send(name, f"/approvals/{approval}/votes", {"vote": "approve"})

    def improved(self, series: int) -> str:
        body = {"title": "Vote without waiting for a meeting", "owner": self.board.cast.paul.pk,
                "measure": "K56, per cent", "baseline": 80, "target": 95,
                "of": {"kind": "decision_right", "id": series}}  # fmt: skip
        return str(self.send("petra", "/improvements", body)["number"])

    def electronic(self, series: int) -> None:
        self.send("petra", f"/decision-rights/{series}", {"voting": "electronic"}, "PATCH")

    def told(self, number: str) -> None:
        answer = Client().get(
            f"/api/v1/decisions/{number}", headers={"Authorization": f"Bearer {self.token('paul')}"}
        ).json()  # fmt: skip
        assert answer["days"] == {
            "preparing": 3, "waiting": 7, "deliberating": 0, "escalated": 2, "total": 12,
        }  # fmt: skip
        figure = Client().get(
            "/api/v1/measures/K56?period=2026-Q1",
            headers={"Authorization": f"Bearer {self.token('paul')}"},
        ).json()  # fmt: skip
        quarter = figure["items"][-1]
        assert (quarter["period"], quarter["num"], quarter["den"]) == ("2026-Q1", 16, 20)
        assert (quarter["value"], quarter["beside"]) == (80, {"p50": 6})


@pytest.mark.parametrize("way", [Pages, Program])
def test_decided_late_and_mended(db: None, way: Any) -> None:
    board = portfolio_board()
    nineteen_others(board)
    player = way(board)
    with on(2):
        number = player.raised()
    decision = Decision.objects.get(record__number=number)
    assert decision.deadline == datetime(2026, 3, 16, 17, tzinfo=UTC)
    with on(5):
        player.prepared(number)
    two_vote_and_the_rest_are_reminded(board, player, decision)
    with on(16, 17):
        assert (expire_due(), act_on_deadlines()) == (1, 0)
    running = live_vote(decision)
    assert running is not None
    assert list(running.seats.values_list("person", flat=True)) == [board.cast.petra.pk]
    with on(18):
        player.voted("petra", running.pk)
    record = Record.objects.get(number=number)
    assert (record.state, record.data["outcome"], record.data["latency_wd"]) == (
        "decided", "approved", 12,
    )  # fmt: skip
    with on(20):
        player.told(number)
        mended(board, player)


def two_vote_and_the_rest_are_reminded(board: Board, player: Any, decision: Decision) -> None:
    """Lena and Olga vote; the three others hear of it on the 9th and the 12th."""
    running = live_vote(decision)
    assert running is not None
    with on(6):
        player.voted("lena", running.pk)
        player.voted("olga", running.pk)
    silent = {getattr(board.cast, name).pk for name in SEATS[2:]}
    days = []
    for day in (6, 9, 10, 11, 12, 13):
        with on(day, 16):
            if remind_due():
                days.append(day)
    assert days == [9, 12]
    told = Message.objects.filter(topic="approval_reminder", channel="notice")
    assert sorted(told.values_list("recipient_id", flat=True)) == sorted([*silent, *silent])


def mended(board: Board, player: Any) -> None:
    """An improvement is linked to the right, and the right votes electronically from then on."""
    number = player.improved(board.large.series)
    player.electronic(board.large.series)
    link = Record.objects.get(number=number).links.get(type="improves")
    assert (link.target_kind, link.target_id) == ("decision_right", board.large.series)
    made = raise_decision("The next one", by=board.cast.paul, topic="investment",
                          amount=120_000_00, currency="EUR")  # fmt: skip
    ready = prepare(made, by=board.cast.paul, options=[{"title": "Do it"}], recommended=0)
    assert (ready.right.voting, ready.record.state) == ("electronic", "open")
