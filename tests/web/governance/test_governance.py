"""The pages of decisions, rights and improvements: the no of a form, and who is let in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brigade.governance.decisions.models import Decision
from brigade.improvement.improvements.rules import reached
from brigade.kernel.recipes.deciding import decline
from brigade.kernel.refused import Invalid
from brigade.kernel.work.opening import open_record
from brigade.web.shell.money import money, read_money, typed
from tests.governance.board import Board, portfolio_board
from tests.kept import once

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def board(db: None) -> Board:
    return once("board", portfolio_board)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def test_pages_of_governance(board: Board) -> None:
    """One walk: an overlap is shown, a bad form says where, a gap refuses, a paper is kept."""
    petra, paul = signed_in(board.cast.petra), signed_in(board.cast.paul)
    form = {"topic": "investment", "currency": "EUR", "amount_from": "40,000",
            "role": "finance", "seats": "1", "quorum": "1", "deadline_wd": "5", "silent_wd": "5",
            "calendar": board.calendar.pk}  # fmt: skip
    wrong = petra.post("/decision-rights/new", form | {"quorum": "2"})
    assert wrong.status_code == 422 and 'href="#quorum"' in wrong.content.decode()
    assert petra.post("/decision-rights/new", form).status_code == 302
    rights = petra.get("/decision-rights").content.decode()
    assert "from €50,000: two rights claim it." in rights
    sent = {"title": "Buy it", "topic": "investment", "amount": "120,000", "currency": "eur"}
    twice = paul.post("/decisions/new", sent)
    assert twice.status_code == 409 and "Two decision rights claim" in twice.content.decode()
    series = petra.get("/api/v1/decision-rights").json()["items"][1]["series"]
    assert petra.post(f"/decision-rights/{series}/end").status_code == 302
    number = paul.post("/decisions/new", sent | {"question": "Why now?"})["Location"].strip("/")
    paper = {"title_0": "Do it", "amount_0": "x", "recommended": "0"}
    bad = paul.post(f"/decisions/{number}/paper", paper)
    assert bad.status_code == 422 and 'href="#amount_0"' in bad.content.decode()
    assert paul.post(f"/decisions/{number}/paper", paper | {"amount_0": "9"}).status_code == 302
    assert Decision.objects.get().options[0]["amount"] == 900
    page = paul.get(f"/{number}").content.decode()
    assert "Why now?" in page and "At least 3 of 5 vote" in page
    assert signed_in(board.cast.sam).get(f"/{number}").status_code == 404


def test_what_is_not_adopted_is_not_there(board: Board) -> None:
    paul = signed_in(board.cast.paul)
    menu = paul.get("/inbox").content.decode()
    assert 'href="/decisions"' in menu and 'href="/improvements"' in menu
    bare = open_record("decision", by=board.cast.paul, fields={"title": "Past the practice"})
    assert paul.get(f"/{bare.number}").status_code == 200, "shown as any record is"
    of = {"title": "Faster", "of": {"kind": "decision_right", "id": board.large.series}}
    made = paul.post("/improvements/new", {"title": "Faster", "right": board.large.series})
    assert "/decision-rights/" in paul.get(made["Location"]).content.decode()
    decline("decision", by=board.cast.petra, rationale="Too few of us.")
    assert "/decision-rights/" not in paul.get(made["Location"]).content.decode()
    assert paul.post("/improvements/new", {"title": "F", "right": 1}).status_code == 404
    assert paul.post("/api/v1/improvements", of, "application/json").status_code == 404
    for key in ("decision", "improvement"):
        decline(key, by=board.cast.petra, rationale="Too few of us.")
    for path in ("/decisions", "/decision-rights", "/improvements", "/api/v1/decisions",
                 "/api/v1/decision-rights", "/api/v1/improvements", "/measures/K56",
                 "/api/v1/measures/K56"):  # fmt: skip
        assert paul.get(path).status_code == 404, path
    assert 'href="/decisions"' not in paul.get("/inbox").content.decode()


@pytest.mark.parametrize(
    ("text", "minor"), [("120,000", 12_000_000), ("99.50", 9_950), (" 1 000 ", 100_000), ("", None)]
)
def test_money_is_read_as_it_is_written(text: str, minor: int | None) -> None:
    assert read_money(text, "EUR", "amount") == minor
    assert read_money(typed(minor, "EUR"), "EUR", "amount") == minor


@pytest.mark.parametrize("text", ["-1", "x", "0.001", "1e99"])
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(Invalid):
        read_money(text, "EUR", "amount")


def test_money_is_written_for_readers() -> None:
    assert (money(12_000_000, "EUR"), money(9_950, "EUR")) == ("€120,000", "€99.50")
    assert money(500, "JPY") == "JP¥500"


@pytest.mark.parametrize(
    ("values", "share"),
    [((80, 95, 92), 80), ((8, 2, 5), 50), ((80, 95, 70), -67), ((80, 80, 80), None),
     ((80, 95, None), None)],
)  # fmt: skip
def test_how_far_an_improvement_came(values: tuple[Any, ...], share: int | None) -> None:
    assert reached(*values) == share
