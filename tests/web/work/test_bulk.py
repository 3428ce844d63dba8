"""Assigning many from the queue: each has its result, and a way back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from brigade.kernel.records.models import Record
from brigade.kernel.work.moving import move
from tests.cast import Cast
from tests.web.work.full_queue import fill, report

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Client]


def assign(client: Client, records: list[Record], **given: Any) -> Any:
    picked = [record.number for record in records]
    return client.post("/queue/assignments", {"picked": picked, "query": "view=open", **given})


def test_the_selected_go_to_a_person_and_back_again(desk: Cast, signed_in: SignIn) -> None:
    made = [report(desk, f"Case {n}") for n in range(3)]
    client = signed_in(desk.sam)
    answer = assign(client, made, assignee_text="Nora Desk")
    assert answer["Location"] == "/queue?view=open"
    assert set(Record.objects.values_list("assignee", flat=True)) == {desk.nora.pk}
    html = client.get("/queue?view=open").content.decode()
    assert "Assigned 3." in html
    undo = re.search(r'action="(/queue/undo/[^"]+)"', html)
    assert undo
    assert client.post(undo[1])["Location"] == "/queue?view=open"
    assert set(Record.objects.values_list("assignee", flat=True)) == {None}
    assert "Took back 3." in client.get("/queue").content.decode()
    assert client.post(undo[1]).status_code == 409


def test_what_went_to_another_team_can_be_taken_back(desk: Cast, signed_in: SignIn) -> None:
    record = report(desk, "Case")
    client = signed_in(desk.sam)
    assign(client, [record], team=desk.network_operations.pk)
    record.refresh_from_db()
    assert record.team_id == desk.network_operations.pk
    html = client.get("/queue?view=open").content.decode()
    undo = re.search(r'action="(/queue/undo/[^"]+)"', html)
    assert undo
    client.post(undo[1])
    record.refresh_from_db()
    assert record.team_id == desk.service_desk.pk


def test_one_that_fails_does_not_stop_the_others(desk: Cast, signed_in: SignIn) -> None:
    closed, fine = report(desk, "Closed"), report(desk, "Fine")
    move(closed, "cancel", by=desk.sam, fields={"cancel_reason": "Not needed."})
    client = signed_in(desk.sam)
    assign(client, [closed, fine], me="1")
    fine.refresh_from_db()
    assert fine.assignee_id == desk.sam.pk
    html = client.get("/queue?view=open").content.decode()
    assert "1 done, 1 not" in html
    assert f"{closed.number}</a>: This record is closed. Reopen it first." in html
    assert "1 done, 1 not" not in client.get("/queue?view=open").content.decode()


def test_all_of_the_list_is_a_second_step(desk: Cast, signed_in: SignIn) -> None:
    fill(desk, 60)
    client = signed_in(desk.lena)
    query = "view=open&category=open&assignee=none"
    client.post("/queue/assignments", {"every": "1", "query": query, "me": "1"})
    open_ = Record.objects.filter(state_category__in=("new", "active", "waiting"))
    assert not open_.filter(assignee__isnull=True).exists()
    assert open_.filter(assignee=desk.nora).exists()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 422),
        ({"assignee_text": "Nobody Known"}, 422),
        ({"picked": [], "me": "1"}, 409),
    ],
)
def test_nothing_chosen_is_said(
    desk: Cast, signed_in: SignIn, given: dict[str, Any], status: int
) -> None:
    record = report(desk, "Case")
    sent = {"picked": [record.number], "query": "view=open", **given}
    assert signed_in(desk.sam).post("/queue/assignments", sent).status_code == status


def test_whoever_only_reads_changes_nothing(desk: Cast, signed_in: SignIn) -> None:
    record = report(desk, "Case")
    client = signed_in(desk.audrey)
    assign(client, [record], assignee_text="Nora Desk")
    assert "0 done, 1 not" in client.get("/queue?view=open").content.decode()
    vendor = signed_in(desk.bert)
    assign(vendor, [record], me="1")
    assert "There is no such record" in vendor.get("/queue?view=open").content.decode()
    assert assign(signed_in(desk.eve), [record], me="1").status_code == 404
    record.refresh_from_db()
    assert record.assignee_id is None
