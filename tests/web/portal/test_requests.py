"""My requests: one's own, those one follows, those of one's customer; a page at a time."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brigade.kernel.records.models import Record
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.watching import watch
from tests.cast import Cast
from tests.web.portal.test_home import _queries

pytestmark = pytest.mark.django_db


def shown(client: Client, person: Any, query: str = "") -> str:
    client.force_login(person)
    answer = client.get(f"/requests{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_under_way_and_over(client: Client, desk: Cast, incident: Record) -> None:
    assert "Ledger" in shown(client, desk.eve)
    assert "Nothing of yours is over yet." in shown(client, desk.eve, "?show=over")
    move(incident, "cancel", by=desk.eve, fields={"cancel_reason": "Works"})
    assert "Nothing of yours is under way." in shown(client, desk.eve)
    assert "Cancelled on" in shown(client, desk.eve, "?show=over")


@pytest.mark.parametrize("who", ["sid", "sam", "bert", "carl", "audrey"])
def test_nobody_elses(client: Client, desk: Cast, incident: Record, who: str) -> None:
    assert "Ledger" not in shown(client, getattr(desk, who))


def test_those_one_follows(client: Client, desk: Cast, incident: Record) -> None:
    assert "You follow nothing here." in shown(client, desk.sid, "?of=followed")
    watch(incident, by=desk.eve, person=desk.sid)
    html = shown(client, desk.sid, "?of=followed")
    assert "Ledger" in html and "Eve Ledger" in html


def test_a_customers_manager_sees_their_organisations(
    client: Client, desk: Cast, incident: Record
) -> None:
    open_record("incident", by=desk.sid, fields={"title": "Till is stuck"})
    html = shown(client, desk.carl, "?of=organisation")
    assert "Ledger" in html and "Till" not in html
    for person in (desk.sid, desk.sam):
        html = shown(client, person, "?of=organisation")
        assert "Ledger" not in html and "All of my organisation" not in html


def test_by_words(client: Client, desk: Cast, incident: Record) -> None:
    assert "Ledger does" in shown(client, desk.eve, "?q=ledger")
    assert "None of these has the words “giraffe”." in shown(client, desk.eve, "?q=giraffe")


def test_a_page_at_a_time_at_the_same_price(client: Client, desk: Cast) -> None:
    counted = []
    for amount in (10, 60):
        for number in range(amount):
            open_record("incident", by=desk.eve, fields={"title": f"Broken {amount}-{number}"})
        html = shown(client, desk.eve)
        counted.append(_queries(client, "/requests"))
    assert counted[0] == counted[1] <= 10
    assert html.count("Broken ") == 25
    seen = set()
    query = ""
    for _page in range(3):
        html = shown(client, desk.eve, query)
        seen |= {part.split("<")[0] for part in html.split(">Broken ")[1:]}
        found = html.split('rel="next"')[0].rpartition('href="')[2].split('"')[0]
        query = "?" + found.partition("?")[2].replace("&amp;", "&")
    assert len(seen) == 70
    client.force_login(desk.eve)
    assert client.get("/requests?after=nonsense").status_code == 422
