"""A level without evidence: a decision carries it where decisions run, else a statement does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from brigade.governance.decision_rights.actions import add_right
from brigade.governance.decisions.actions import prepare, raise_decision
from brigade.governance.decisions.asking import live_vote
from brigade.kernel.approvals.actions import vote
from brigade.kernel.instants import at_instant
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.deciding import decline
from brigade.kernel.refused import Refused
from tests.governance.board import Board, portfolio_board
from tests.kept import once

pytestmark = pytest.mark.django_db
WHY = {"rationale": "A shared desk.", "waiver": "The evidence is in the old tool."}


@pytest.fixture
def board(db: None) -> Board:
    return once("board", portfolio_board)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def decided(board: Board, choice: str) -> str:
    """A decision of Paul's about the level, made by Petra."""
    with at_instant(datetime(2026, 3, 2, 10, tzinfo=UTC)):
        made = raise_decision("Run incidents at level 2", by=board.cast.paul, topic="adoption")
        prepare(made, by=board.cast.paul, options=[{"title": "Do it"}], recommended=0)
        running = live_vote(made)
        assert running is not None
        vote(running, choice, by=board.cast.petra, reason="So.")
    return str(made.record.number)


def test_a_decision_carries_a_level_without_evidence(board: Board) -> None:
    cast = board.cast
    add_right(by=cast.petra, topic="adoption", role="process_owner", majority="single",
              deadline_wd=10, calendar=board.calendar, voting="electronic")  # fmt: skip
    with pytest.raises(Refused) as silent:
        adopt("incident", by=cast.ada, level=2, owner=cast.lena, **WHY)
    assert (silent.value.code, silent.value.field) == ("no_decision", "decision")
    no = decided(board, "reject")
    for number in (no, "DEC-99999"):
        with pytest.raises(Refused) as other:
            adopt("incident", by=cast.ada, level=2, owner=cast.lena, decision=number, **WHY)
        assert other.value.code == "not_decided", number
    yes = decided(board, "approve")
    petra = signed_in(cast.petra)
    form = {"state": "adopted", "level": "2", "owner": cast.lena.pk, **WHY}
    page = petra.post("/recipes/incident/adoption", form)
    assert page.status_code == 409 and 'href="#decision"' in page.content.decode()
    assert petra.post("/recipes/incident/adoption", form | {"decision": yes}).status_code == 302
    statement = petra.get("/adoption").content.decode()
    assert "The evidence is in the old tool." in statement and f'href="/{yes}"' in statement
    told = {one["key"]: one for one in petra.get("/api/v1/adoption").json()["items"]}
    assert told["incident"]["decision"] == yes


def test_without_the_practice_a_statement_stands_in_its_place(board: Board) -> None:
    decline("decision", by=board.cast.petra, rationale="Too few of us.")
    made = adopt("incident", by=board.cast.ada, level=2, owner=board.cast.lena, **WHY)
    assert (made.level, made.waiver, made.decision) == (2, WHY["waiver"], "")
