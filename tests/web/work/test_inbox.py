"""The inbox: whose notices, what is marked as read, what could not leave."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brigade.kernel import instants
from brigade.kernel.outbox.models import Message, Notice
from brigade.kernel.records.models import Record
from brigade.kernel.work.moving import take
from tests.cast import Cast
from tests.web.work.full_queue import report

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Client]


def tell(person: Any, record: Record | None, kind: str = "assigned", count: int = 1) -> None:
    start = Notice.objects.count()
    Notice.objects.bulk_create(
        Notice(
            key=f"told:{start + n}",
            person=person,
            record=record,
            kind=kind,
            at=instants.now() - timedelta(minutes=n),
        )
        for n in range(count)
    )


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"/inbox{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_ones_own_notices_and_ones_own_work(desk: Cast, signed_in: SignIn) -> None:
    record = take(report(desk, "Printer"), by=desk.sam)
    tell(desk.sam, record)
    tell(desk.nora, record, "resolved")
    html = shown(signed_in(desk.sam))
    assert "<b>Assigned to you</b>" in html
    assert "Resolved" not in html
    assert f'href="/{record.number}?view=mine"' in html
    assert re.search(r'Inbox<span class="n">1</span>', html)


def test_a_notice_of_what_one_may_no_longer_see_is_absent(desk: Cast, signed_in: SignIn) -> None:
    tell(desk.bert, report(desk, "Secret printer"))
    assert "Secret printer" not in shown(signed_in(desk.bert))


def test_one_or_all_are_marked_as_read(desk: Cast, signed_in: SignIn) -> None:
    record = report(desk, "Printer")
    tell(desk.sam, record, count=3)
    tell(desk.nora, record)
    client = signed_in(desk.sam)
    first = Notice.objects.filter(person=desk.sam).first()
    assert first is not None
    assert client.post("/inbox/reads", {"notice": first.pk})["Location"] == "/inbox"
    unread = Notice.objects.filter(read_at__isnull=True)
    assert unread.filter(person=desk.sam).count() == 2
    theirs = Notice.objects.get(person=desk.nora)
    client.post("/inbox/reads", {"notice": theirs.pk})
    client.post("/inbox/reads", {"all": "1"})
    assert list(unread.values_list("person", flat=True)) == [desk.nora.pk]
    assert "You have read everything." in shown(client, "?show=unread")


def test_empty_it_says_what_will_stand_there(desk: Cast, signed_in: SignIn) -> None:
    html = shown(signed_in(desk.sam))
    assert "Nothing has happened yet that you need to know." in html
    assert "Nothing is assigned to you." in html


def test_it_goes_on_after_fifty(desk: Cast, signed_in: SignIn) -> None:
    tell(desk.sam, report(desk, "Printer"), count=60)
    client = signed_in(desk.sam)
    html = shown(client)
    assert html.count("<b>Assigned to you</b>") == 50
    following = re.search(r'href="(\?before=[^"]+)"', html)
    assert following
    assert shown(client, following[1].replace("&amp;", "&")).count("<b>Assigned") == 10
    assert client.get("/inbox?before=nonsense").status_code == 422


def test_mail_that_did_not_leave_is_told_to_who_runs_it(desk: Cast, signed_in: SignIn) -> None:
    now = instants.now()
    Message.objects.create(
        channel="mail",
        topic="replied",
        dedupe_key="x",
        state="dead",
        reason="refused",
        next_attempt_at=now,
        created_at=now,
    )
    assert "1 message could not be sent." in shown(signed_in(desk.ada))
    assert "could not be sent" not in shown(signed_in(desk.sam))


def test_an_employee_has_it_in_the_portal(desk: Cast, signed_in: SignIn) -> None:
    record = report(desk, "Printer")
    tell(desk.eve, record, "resolved")
    html = shown(signed_in(desk.eve))
    assert 'class="portal"' in html
    assert f'href="/requests/{record.number}"' in html
    assert "Yours to do" not in html


def test_as_many_statements_for_forty_notices_as_for_four(desk: Cast, signed_in: SignIn) -> None:
    client = signed_in(desk.sam)
    tell(desk.sam, take(report(desk, "Printer"), by=desk.sam), count=4)
    shown(client)
    with CaptureQueriesContext(connection) as few:
        shown(client)
    tell(desk.sam, report(desk, "Other"), count=36)
    with CaptureQueriesContext(connection) as many:
        shown(client)
    assert len(many) == len(few)
