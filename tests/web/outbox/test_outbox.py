"""The outbox page: who looks, why something was not sent, and sending it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from brigade.kernel import instants
from brigade.kernel.outbox import heartbeat
from brigade.kernel.outbox.models import Message
from brigade.kernel.records.models import Record
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def message(record: Record | None, number: int = 0, **more: Any) -> Message:
    now = instants.now()
    return Message.objects.create(
        **{
            "channel": "mail",
            "topic": "replied",
            "dedupe_key": f"test-{number}",
            "record": record,
            "address": "eve@finance.example",
            "state": "withheld",
            "reason": "not_set_up",
            "next_attempt_at": now,
            "created_at": now,
        }
        | more
    )


@pytest.mark.parametrize("who", ["ada", "audrey", "lena", "petra"])
def test_it_is_open_to(signed_in: Any, desk: Cast, who: str) -> None:
    assert signed_in(getattr(desk, who)).get("/outbox").status_code == 200


@pytest.mark.parametrize("who", ["sam", "eve", "sid", "bert", "olga", "carl"])
def test_it_is_closed_to(signed_in: Any, desk: Cast, incident: Record, who: str) -> None:
    kept = message(incident)
    client = signed_in(getattr(desk, who))
    assert client.get("/outbox").status_code == 403
    assert client.post(f"/outbox/{kept.pk}/retries").status_code == 403
    assert client.post("/outbox/retries", {"reason": "not_set_up"}).status_code == 403
    kept.refresh_from_db()
    assert kept.state == "withheld"


def test_every_mail_not_sent_says_why(signed_in: Any, desk: Cast, incident: Record) -> None:
    Message.objects.all().delete()
    message(incident, 1)
    message(incident, 2, reason="not_public")
    message(incident, 3, state="dead", reason="refused", last_error="550 no such user")
    html = signed_in(desk.lena).get("/outbox").content.decode()
    for words in ("Mail is not set up.", "internal entries are never mailed", "550 no such user"):
        assert words in html
    assert html.count("Send these again") == 2
    assert incident.number in html


def test_a_lead_sees_no_message_without_a_record(signed_in: Any, desk: Cast) -> None:
    message(None, topic="reset", address="sid@sales.example")
    assert "sid@sales.example" not in signed_in(desk.lena).get("/outbox").content.decode()
    assert "sid@sales.example" in signed_in(desk.ada).get("/outbox").content.decode()


def test_an_auditor_looks_and_sends_nothing(signed_in: Any, desk: Cast, incident: Record) -> None:
    kept = message(incident)
    client = signed_in(desk.audrey)
    assert "Send again" not in client.get("/outbox").content.decode()
    assert client.post(f"/outbox/{kept.pk}/retries").status_code == 403


def test_sending_one_again(signed_in: Any, desk: Cast, incident: Record) -> None:
    kept = message(incident)
    client = signed_in(desk.lena)
    answer = client.post(f"/outbox/{kept.pk}/retries", {"list_state": "withheld"}, follow=True)
    assert answer.redirect_chain == [("/outbox?state=withheld", 302)]
    assert "on its way again" in answer.content.decode()
    kept.refresh_from_db()
    assert (kept.state, kept.retried_by) == ("queued", desk.lena)
    assert client.post(f"/outbox/{kept.pk}/retries").status_code == 409
    assert client.post("/outbox/999999/retries").status_code == 404


def test_sending_all_of_a_reason_again(signed_in: Any, desk: Cast, incident: Record) -> None:
    for number in range(3):
        message(incident, number)
    message(incident, 9, reason="no_address")
    client = signed_in(desk.ada)
    html = client.post("/outbox/retries", {"reason": "not_set_up"}, follow=True).content.decode()
    assert "3 messages are on their way again." in html
    assert Message.objects.filter(state="withheld").count() == 1
    assert client.post("/outbox/retries", {"reason": "not_public"}).status_code == 409


def test_filters_stand_in_the_address(signed_in: Any, desk: Cast, incident: Record) -> None:
    message(incident, 1)
    message(incident, 2, reason="no_address", address="nobody@x.example")
    client = signed_in(desk.ada)
    html = client.get("/outbox?reason=no_address&state=withheld").content.decode()
    assert "nobody@x.example" in html and "eve@finance.example" not in html
    assert "No message matches" in client.get("/outbox?channel=webhook").content.decode()
    assert client.get("/outbox?state=%00&before=x&reason=1").status_code == 200


def test_a_worker_that_is_gone_is_said(signed_in: Any, desk: Cast) -> None:
    client, now = signed_in(desk.ada), instants.now()
    assert "Nothing is being sent" in client.get("/outbox").content.decode()
    heartbeat.beat("one", started_at=now, at=now, outbox_at=now)
    assert "Nothing is being sent" not in client.get("/outbox").content.decode()
    heartbeat.beat("one", started_at=now, at=now - timedelta(minutes=2), outbox_at=now)
    assert "Nothing is being sent" in client.get("/outbox").content.decode()


def test_pages_go_on_and_cost_the_same(
    signed_in: Any, desk: Cast, incident: Record, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(desk.ada)
    for number in range(10):
        message(incident, number)
    with django_assert_max_num_queries(12) as few:
        client.get("/outbox")
    for number in range(10, 200):
        message(incident, number)
    with django_assert_max_num_queries(12) as many:
        html = client.get("/outbox").content.decode()
    assert len(few) == len(many)
    assert "?before=" in html
    before = html.split("?before=")[1].split('"')[0]
    assert "Back to the start" in client.get(f"/outbox?before={before}").content.decode()
