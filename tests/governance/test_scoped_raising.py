"""Whose role reaches only so far raises and proposes there, and nowhere else: page and API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from brigade.governance.decision_rights.actions import add_right
from brigade.governance.decisions.asking import seats_of_right
from brigade.governance.decisions.models import Decision
from brigade.improvement.improvements.actions import propose_improvement
from brigade.kernel.instants import now
from brigade.kernel.parties.actions import issue_token
from brigade.kernel.records.access import may
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Invalid, NotPermitted
from brigade.kernel.work.changing import set_fields
from tests.cast import give
from tests.governance.board import Board, portfolio_board
from tests.kept import once

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
WORDS = {"title": "Replace it", "topic": "investment", "currency": "EUR"}


@pytest.fixture
def board(db: None) -> Board:
    return once("board", portfolio_board)


def sent(person: Any, path: str, body: dict[str, Any]) -> Any:
    token = issue_token(person, by=person, name="scoped", scopes=("read", "write"),
                        expires_at=now() + timedelta(days=1)).raw  # fmt: skip
    return Client().post(f"/api/v1{path}", json.dumps(body), "application/json",
                         headers={"Authorization": f"Bearer {token}"})  # fmt: skip


def test_a_service_owner_raises_about_the_service(board: Board) -> None:
    cast = board.cast
    olga = Client()
    olga.force_login(cast.olga, backend=BACKEND)
    form = olga.get("/decisions/new").content.decode()
    assert f'value="service:{cast.erp.pk}"' in form and "Service ERP Finance" in form
    elsewhere = cast.services["payroll"].pk
    for scope in (f"service:{elsewhere}", f"team:{board.team.pk}"):
        answer = olga.post("/decisions/new", WORDS | {"amount": "90", "scope": scope})
        assert answer.status_code == 403, scope
    odd = olga.post("/improvements/new", {"title": "Faster", "scope": "moon:1"})
    assert odd.status_code == 422 and 'href="#scope"' in odd.content.decode()
    raised = olga.post("/decisions/new", WORDS | {"amount": "90"})
    assert raised.status_code == 302, "there is only one it can be about"
    assert Decision.objects.get().record.service == cast.erp
    number = raised["Location"].strip("/")
    assert olga.post(f"/decisions/{number}/paper",
                     {"title_0": "Do it", "recommended": "0"}).status_code == 302  # fmt: skip
    about = {"kind": "service", "id": cast.erp.pk}
    assert sent(cast.olga, "/improvements", {"title": "Faster", "scope": about}).status_code == 201
    there = {"kind": "service", "id": elsewhere}
    assert sent(cast.olga, "/improvements", {"title": "Any", "scope": there}).status_code == 403
    assert sent(cast.olga, "/decisions", WORDS | {"scope": there}).status_code == 403
    nothing = {"kind": "service", "id": 2**40}
    assert sent(cast.paul, "/decisions", WORDS | {"scope": nothing}).status_code == 422


def test_old_and_new_values_lie_within_reach(board: Board) -> None:
    """What was proposed within a scope is not taken out of it, nor anything into it."""
    cast = board.cast
    made = propose_improvement("Faster", by=cast.olga)
    assert made.service == cast.erp
    with pytest.raises(NotPermitted):
        set_fields(made, {"service": cast.services["payroll"].pk}, by=cast.olga)
    assert set_fields(made, {"measure": "K01"}, by=cast.olga).data["measure"] == "K01"
    vera = propose_improvement("Cheaper", by=cast.vera, scope=("vendor", cast.beta.pk))
    assert vera.provider == cast.beta and not may(cast.olga, "read", vera)


def test_several_scopes_have_to_be_told_apart(board: Board) -> None:
    cast = board.cast
    payroll = cast.services["payroll"]
    give(cast.olga, "service_owner", cast.ada, cast.amos, scope_type="service",
         scope_id=payroll.pk)  # fmt: skip
    with pytest.raises(Invalid) as which:
        propose_improvement("Faster", by=cast.olga)
    assert (which.value.code, which.value.field) == ("which_scope", "scope")
    assert propose_improvement("Faster", by=cast.olga, scope=("service", payroll.pk))
    team = propose_improvement("Calmer", by=cast.lena, scope=("team", cast.service_desk.pk))
    assert team.team == cast.service_desk


def test_a_role_decides_where_it_is_held(board: Board) -> None:
    """A right of the service owner's is exercised by the owner of the service it is about."""
    cast = board.cast
    right = add_right(by=cast.petra, topic="downtime", role="service_owner", deadline_wd=3,
                      majority="single", calendar=board.calendar)  # fmt: skip
    about = Record(service=cast.erp)
    assert [seat.person_id for seat in seats_of_right(right, about)] == [cast.olga.pk]
    assert seats_of_right(right, Record()) == ()
