"""Clocks on pages: the chip of a row, the panel of a record, and the account of every second."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brigade.kernel.instants import at_instant
from brigade.kernel.records.models import Record
from brigade.kernel.services.actions import change_offering
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from tests.cast import Cast
from tests.kernel.clocks.conftest import timed

__all__ = ["timed"]

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 3, 30, tzinfo=LONDON)


def at(hour: int, minute: int = 0) -> Any:
    return at_instant(MONDAY.replace(hour=hour, minute=minute))


def log(cast: Cast, title: str, impact: int = 2, **more: Any) -> Record:
    fields = {"title": title, "requester": cast.eve, "service": cast.erp, "impact": impact}
    return open_record("incident", by=cast.sam, fields={**fields, "urgency": 1, **more})


def shown(client: Client, query: str = "view=open", path: str = "/queue") -> str:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def heads(html: str) -> list[str]:
    return re.findall(r'scope="rowgroup">([^<]+)<', html)


def chips(html: str) -> list[tuple[str, str, str]]:
    found = r'class="clock (\w+)"[^>]*> ?(?:<i class="[^"]*"></i>)?<b>([^<]*)</b> ([^<]*)<'
    return re.findall(found, html)


def numbers(html: str) -> list[str]:
    return re.findall(r'<td class="id">([A-Z]+-\d+)</td>', html)


def fill(timed: Cast) -> list[Record]:
    """Log, in the order in which they are due: late, within the hour, today, later, paused."""
    with at(8):
        late = log(timed, "Late", impact=1)
        move(late, "start", by=timed.sam)
    with at(11):
        paused = log(timed, "Paused")
        move(paused, "start", by=timed.sam)
        move(paused, "wait", by=timed.sam, fields={"waiting_reason": "requester"})
        today = log(timed, "Today", impact=1)
        move(today, "start", by=timed.sam)
    with at(12):
        later = log(timed, "Later")
        move(later, "start", by=timed.sam)
        soon = log(timed, "Soon")
    return [late, soon, today, later, paused]


def test_the_queue_comes_by_the_next_thing_due_in_groups_of_words(
    timed: Cast, signed_in: SignIn
) -> None:
    records = fill(timed)
    with at(12, 18):
        html = shown(signed_in(timed.sam))
    assert numbers(html) == [record.number for record in records]
    assert heads(html) == [
        "Over time · 1", "Due within the hour · 1", "Later today · 1", "Later · 1",
        "No clock running · 1",
    ]  # fmt: skip
    assert chips(html) == [
        ("over", "18 min over", "Restore"),
        ("running", "12 min left", "Respond"),
        ("running", "2 h 42 min left", "Restore"),
        ("running", "21 h 42 min left", "Restore"),
        ("paused", "Paused", "Requester"),
    ]
    assert 'data-clock data-due="2026-03-30T11:00:00+00:00" data-state="running"' in html
    assert "Was due Monday" in html and "incident.restore 1" in html


def test_each_page_of_it_goes_on_where_the_one_before_ended(
    timed: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = fill(timed)
    monkeypatch.setattr("brigade.web.work.queue.SIZE", 2)
    seen: list[str] = []
    client, query = signed_in(timed.sam), "view=open"
    with at(12, 18):
        while query:
            html = shown(client, query)
            seen += numbers(html)
            following = re.search(r'href="\?([^"]*after=[^"]*)"', html)
            query = following[1].replace("&amp;", "&") if following else ""
    assert seen == [record.number for record in records]


@pytest.mark.parametrize(
    ("due", "expected"),
    [("over", ["Late"]), ("1h", ["Late", "Soon"]), ("4h", ["Late", "Soon", "Today"]),
     ("today", ["Late", "Soon", "Today"])],
)  # fmt: skip
def test_a_filter_says_until_when_it_is_due(
    timed: Cast, signed_in: SignIn, due: str, expected: list[str]
) -> None:
    by_title = {record.title: record.number for record in fill(timed)}
    with at(12, 18):
        html = shown(signed_in(timed.sam), f"view=open&category=open&due={due}")
        soon = shown(signed_in(timed.sam), "view=due-soon")
    assert numbers(html) == [by_title[title] for title in expected]
    assert "Due <b>" in html
    assert numbers(soon) == [by_title["Late"], by_title["Soon"]]


def test_a_filter_finds_clocks_that_were_missed_whether_or_not_they_stopped(
    timed: Cast, signed_in: SignIn
) -> None:
    records = fill(timed)
    late, today = records[0], next(one for one in records if one.title == "Today")
    solved = {"resolution": "Done.", "category": "software", "close_code": "fixed"}
    with at(12, 30):
        client = signed_in(timed.sam)
        missed = set(numbers(shown(client, "view=any&clock=missed")))
        assert late.number in missed and today.number not in missed
        assert late.number not in numbers(shown(client, "view=any&clock=ended"))
        move(late, "resolve", by=timed.sam, fields=solved)
        for asked in ("clock=missed", "clock=ended", "view=open&clock=ended"):
            assert late.number in numbers(shown(client, asked)), asked
        assert late.number not in numbers(shown(client, "category=open&clock=ended"))
        html = shown(client, "clock=ended")
        assert "<b>missed and stopped</b>" in html
        listed = client.get("/api/v1/records?missed=stopped").json()["items"]
        assert late.number in {one["number"] for one in listed}
        eve = signed_in(timed.eve).get("/api/v1/records?missed=any").json()["items"]
        assert eve == []


def test_flags_stand_on_the_row_for_the_desk(timed: Cast, signed_in: SignIn) -> None:
    with at(9):
        record = log(timed, "Flagged")
        Record.objects.filter(pk=record.pk).update(
            data={**record.data, "flags": ["breached", "press_asks"]}, confidential=True
        )
        row = shown(signed_in(timed.sam), "view=open")
        page = shown(signed_in(timed.sam), "", f"/{record.number}")
        for html in (row, page):
            for word in ("Promise missed", "Press asks", "Confidential"):
                assert word in html, word


def test_a_page_of_clocks_costs_one_statement_however_many_there_are(
    timed: Cast, signed_in: SignIn
) -> None:
    client = signed_in(timed.sam)
    fill(timed)
    counts = []
    for _round in range(2):
        with at(12, 18):
            shown(client)
            with CaptureQueriesContext(connection) as few:
                shown(client)
            counts.append(len(few))
            for number in range(10):
                log(timed, f"More {number}")
    assert counts[0] == counts[1]


def test_the_record_shows_its_clocks_and_accounts_for_every_second(
    timed: Cast, signed_in: SignIn
) -> None:
    late = fill(timed)[0]
    with at(12, 18):
        client = signed_in(timed.lena)
        html = shown(client, "", f"/{late.number}")
        account = shown(client, "", f"/{late.number}/clocks")
    assert "Met in 0 min of 15 min" in html and "4 h 18 min of 4 h used" in html
    assert '<progress class="meter bad" value="100"' in html
    assert ("over", "18 min over", "Restore") in chips(html)
    assert f'href="/{late.number}/clocks"' in html
    assert "Over time since 30 March 2026" in account
    assert "4 h 18 min are used where 4 h were promised." in account
    assert "London office, version 1" in account and "incident.restore 1" in account


def test_the_account_says_what_was_not_counted_and_why(timed: Cast, signed_in: SignIn) -> None:
    paused = fill(timed)[4]
    with at(12, 18):
        html = shown(signed_in(timed.lena), "", f"/{paused.number}/clocks")
    assert "Paused, Requester: 0 min of the 8 h promised are used." in html
    assert re.search(r"Paused</td><td[^>]*>1 h 18 min</td>", html)


def test_the_api_gives_the_same_account(timed: Cast, signed_in: SignIn) -> None:
    paused = fill(timed)[4]
    with at(12, 18):
        answer = signed_in(timed.lena).get(f"/api/v1/records/{paused.number}/clocks")
    assert answer.status_code == 200
    respond, restore = answer.json()["items"]
    assert (respond["clock"], respond["met"], respond["running_seconds"]) == ("respond", True, 0)
    assert (restore["state"], restore["paused_seconds"], restore["as_stored"]) == (
        "paused", 78 * 60, True,
    )  # fmt: skip
    assert [(one["kind"], one["seconds"]) for one in restore["segments"]] == [("pause", 78 * 60)]


def test_a_requester_reads_no_account(timed: Cast, signed_in: SignIn) -> None:
    record = fill(timed)[0]
    assert signed_in(timed.eve).get(f"/{record.number}/clocks").status_code == 403
    assert signed_in(timed.sid).get(f"/{record.number}/clocks").status_code == 404


def test_the_lead_sees_what_will_be_late_team_by_team(timed: Cast, signed_in: SignIn) -> None:
    late, soon, today, *_others = fill(timed)
    with at(12, 18):
        html = shown(signed_in(timed.lena), "", "/queue/at-risk")
    assert numbers(html) == [late.number, soon.number, today.number]
    assert heads(html) == ["Over time · 1", "Due within the hour · 1", "Due within 4 hours · 1"]
    assert "1 record is over time; 2 more are due today." in html
    assert html.count("None yet") == 3


def test_with_nothing_late_it_says_what_is_due_next(timed: Cast, signed_in: SignIn) -> None:
    client = signed_in(timed.lena)
    with at(8):
        calm = shown(client, "", "/queue/at-risk")
        record = log(timed, "Later")
        html = shown(client, "", "/queue/at-risk")
    assert "Nothing is over time, and no clock is running." in calm
    assert f"Nothing is over time. Next due is {record.number}: in 30 min." in html


def test_the_requester_reads_by_when_we_aim_to_fix_it(timed: Cast, signed_in: SignIn) -> None:
    late, *_others, paused = fill(timed)
    with at(9):
        before = shown(signed_in(timed.eve), "", f"/requests/{late.number}")
    with at(12, 18):
        after = shown(signed_in(timed.eve), "", f"/requests/{late.number}")
        waiting = shown(signed_in(timed.eve), "", f"/requests/{paused.number}")
    assert "We aim to fix this by 30 March 2026" in before
    assert "We aimed to fix this by 30 March 2026" in after
    assert "We aim" not in waiting


def test_the_offering_is_chosen_on_the_record_and_through_the_api(
    timed: Cast, signed_in: SignIn
) -> None:
    with at(9):
        change_offering(timed.erp_gold, by=timed.operator, state="published")
        record = log(timed, "Slow")
        client = signed_in(timed.sam)
        place = f"/{record.number}/fields/offering"
        assert f'href="{place}' in shown(client, "", f"/{record.number}")
        form = shown(client, "", place)
        assert f'<option value="{timed.erp_gold.pk}">' in form and "time counted stays" in form
        assert client.post(place, {"offering": timed.erp_gold.pk}).status_code == 302
        assert timed.erp_gold.name in shown(client, "", f"/{record.number}")
        api = f"/api/v1/records/{record.number}"
        cleared = client.patch(api, {"fields": {"offering": None}}, content_type="application/json")
        assert cleared.status_code == 200 and cleared.json()["offering"] is None
        for who in (timed.eve, timed.audrey):
            again = signed_in(who).post(place, {"offering": timed.erp_gold.pk})
            assert again.status_code in (403, 404)
    assert Record.objects.get(pk=record.pk).offering_id is None


def test_the_recipe_page_says_what_each_clock_escalates(timed: Cast, signed_in: SignIn) -> None:
    html = shown(signed_in(timed.sam), "part=rules", "/recipes/incident")
    assert "incident.restore" in html and "one for each team" in html
    for words in ("At 50 % of the time: ", "At 80 % of the time: ", "At 100 % of the time: "):
        assert words in html
