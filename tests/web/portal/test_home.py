"""The portal's start: one's own words, one's own open requests, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brigade.kernel.parties.actions import change_installation
from brigade.kernel.records.models import Record
from brigade.kernel.work.drafts import save_draft
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.opening import open_record
from brigade.web.portal.report import DRAFT
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def shown(client: Client, person: Any, path: str = "/help") -> str:
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_only_people_signed_in_see_it(client: Client) -> None:
    assert client.get("/help").status_code == 302


def test_it_shows_what_one_asked_for_in_plain_words(
    client: Client, desk: Cast, incident: Record
) -> None:
    html = shown(client, desk.eve)
    assert "Ledger does not open" in html
    assert "Next, somebody takes it on." in html
    take(incident, by=desk.sam)
    html = shown(client, desk.eve)
    assert "Sam Desk is working on it." in html
    assert "In progress" not in html and "Service desk" not in html


@pytest.mark.parametrize("who", ["sid", "sam", "carl", "bert", "audrey"])
def test_it_shows_nobody_elses(client: Client, desk: Cast, incident: Record, who: str) -> None:
    assert "Ledger" not in shown(client, getattr(desk, who))
    assert "Ledger" not in shown(client, getattr(desk, who), "/help?q=ledger")


def test_what_waits_for_the_reader_comes_first(
    client: Client, desk: Cast, incident: Record
) -> None:
    active = take(incident, by=desk.sam)
    move(active, "wait", by=desk.sam, fields={"waiting_reason": "requester"})
    open_record("incident", by=desk.eve, fields={"title": "Newer and not waiting"})
    html = shown(client, desk.eve)
    assert "Your reply needed" in html
    assert html.index("Ledger does not open") < html.index("Newer and not waiting")


def test_words_find_ones_own_and_lead_on(client: Client, desk: Cast, incident: Record) -> None:
    html = shown(client, desk.eve, "/help?q=ledger")
    assert html.count("Ledger does not open") == 2
    assert "/help/report?q=ledger" in html
    html = shown(client, desk.eve, "/help?q=giraffe")
    assert "You have not asked about this before." in html


def test_a_number_opens_its_page_only_for_who_may_read_it(
    client: Client, desk: Cast, incident: Record
) -> None:
    client.force_login(desk.eve)
    assert client.get("/help?q=inc10001")["Location"] == "/requests/INC-10001"
    client.force_login(desk.sid)
    assert client.get("/help?q=INC-10001").status_code == 200


def test_nothing_yet_is_said(client: Client, desk: Cast) -> None:
    html = shown(client, desk.eve)
    assert "Nothing is open." in html
    assert "tel:" not in html


def test_the_number_for_what_is_urgent(client: Client, desk: Cast) -> None:
    change_installation(by=desk.ada, support_phone="+49 30 5500")
    assert 'href="tel:+49305500"' in shown(client, desk.eve)


def test_a_report_begun_is_not_lost(client: Client, desk: Cast) -> None:
    save_draft(DRAFT, {"title": "Half a sentence"}, by=desk.eve)
    assert "Half a sentence" in shown(client, desk.eve)
    assert "Half a sentence" not in shown(client, desk.sid)


def test_as_many_queries_with_many_as_with_few(
    client: Client, desk: Cast, django_assert_num_queries: Any
) -> None:
    client.force_login(desk.eve)
    counted = []
    for amount in (3, 40):
        for number in range(amount):
            open_record("incident", by=desk.eve, fields={"title": f"Broken {number}"})
        client.get("/help")
        with django_assert_num_queries(_queries(client, "/help")):
            client.get("/help")
        counted.append(_queries(client, "/help"))
    assert counted[0] == counted[1] <= 10


def _queries(client: Client, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return len(seen)
