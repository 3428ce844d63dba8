"""Search and the palette: what is found, where it leads, and what stays hidden."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brigade.kernel.work.saying import say
from tests.cast import Cast
from tests.web.work.full_queue import report

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Client]


def found(client: Client, text: str) -> str:
    answer = client.get("/search", {"q": text})
    assert answer.status_code == 200
    return answer.content.decode()


def offered(client: Client, text: str) -> str:
    answer = client.get("/search/palette", {"q": text})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "<html" not in html
    return html


def groups(html: str) -> list[str]:
    return re.findall(r"<h3[^>]*>([^<]+)</h3>", html)


def test_a_number_opens_its_record(desk: Cast, signed_in: SignIn) -> None:
    record = report(desk, "Case")
    answer = signed_in(desk.sam).get("/search", {"q": record.number.lower()})
    assert (answer.status_code, answer["Location"]) == (302, f"/{record.number}")
    answer = signed_in(desk.eve).get("/search", {"q": record.number})
    assert answer["Location"] == f"/requests/{record.number}"
    assert signed_in(desk.sid).get("/search", {"q": record.number}).status_code == 200


def test_words_find_and_say_where_they_stand(desk: Cast, signed_in: SignIn) -> None:
    by_title = report(desk, "Zebra printer")
    by_note = report(desk, "Something else")
    say(by_note, "It is the zebra again.", by=desk.sam, visibility="internal")
    html = found(signed_in(desk.sam), "zeb")
    assert re.findall(r'<td class="id">([^<]+)', html) == [by_note.number, by_title.number]
    assert "in the title" in html
    assert "in what was said" in html
    assert "<mark>Zeb</mark>ra printer" in html


def test_titles_are_never_markup(desk: Cast, signed_in: SignIn) -> None:
    report(desk, "<img src=x> zebra & <b>co</b>")
    for html in (found(signed_in(desk.sam), "zebra"), offered(signed_in(desk.sam), "zebra")):
        assert "<img" not in html
        assert "&lt;" in html


def test_an_internal_note_answers_no_requester(desk: Cast, signed_in: SignIn) -> None:
    record = report(desk, "Mail is slow")
    say(record, "The zebra did it.", by=desk.sam, visibility="internal")
    html = found(signed_in(desk.eve), "zebra")
    assert 'class="portal"' in html
    assert "Nothing you may see holds these words." in html
    assert "title=zebra" in html


def test_an_employee_finds_their_own_in_their_own_words(desk: Cast, signed_in: SignIn) -> None:
    mine, other = report(desk, "Zebra one"), report(desk, "Zebra two", by=desk.sid)
    html = found(signed_in(desk.eve), "zebra")
    assert mine.number in html
    assert other.number not in html
    assert "Received" in html
    assert f'href="/requests/{mine.number}"' in html


@pytest.mark.parametrize(("who", "sees"), [("sam", True), ("audrey", True), ("bert", False)])
def test_who_finds_what(desk: Cast, signed_in: SignIn, who: str, sees: bool) -> None:
    record = report(desk, "Zebra")
    client = signed_in(getattr(desk, who))
    assert (record.number in found(client, "zebra")) is sees
    assert (record.number in offered(client, "zebra")) is sees


def test_the_palette_offers_records_places_and_actions(desk: Cast, signed_in: SignIn) -> None:
    report(desk, "New printer")
    client = signed_in(desk.sam)
    html = offered(client, "new")
    assert groups(html) == ["Records", "Actions"]
    assert 'data-href="/queue"' in offered(client, "")
    assert "Records" not in groups(offered(client, ""))
    assert groups(offered(client, "queue")) == ["Go to", "Actions"]


def test_an_angle_asks_for_actions_only(desk: Cast, signed_in: SignIn) -> None:
    report(desk, "New printer")
    assert groups(offered(signed_in(desk.sam), "> new")) == ["Actions"]


def test_the_palette_offers_nobody_what_they_may_not_do(desk: Cast, signed_in: SignIn) -> None:
    html = offered(signed_in(desk.audrey), "")
    assert "New incident" not in html
    assert "/settings" not in html


def test_nothing_found_can_be_sent_as_a_request(desk: Cast, signed_in: SignIn) -> None:
    html = offered(signed_in(desk.sam), "quagga")
    assert groups(html) == ["Nothing found"]
    assert "title=quagga" in html


def test_as_many_statements_for_fifty_hits_as_for_five(desk: Cast, signed_in: SignIn) -> None:
    client = signed_in(desk.sam)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            found(client, "zebra")
        return len(caught)

    for n in range(5):
        report(desk, f"Zebra {n}")
    found(client, "zebra")
    few = cost()
    for n in range(45):
        report(desk, f"Zebra more {n}")
    assert cost() == few


def test_search_is_for_who_is_signed_in(client: Client, desk: Cast) -> None:
    assert client.get("/search").status_code == 302
    assert client.get("/search/palette").status_code == 302
