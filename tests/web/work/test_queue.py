"""The queue: its views, what the address means, who sees what, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brigade.kernel.parties.actions import add_relation
from brigade.kernel.records.models import Record
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.watching import watch
from tests.cast import Cast
from tests.web.work.full_queue import dress, fill, report

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Client]


def numbers(html: str) -> list[str]:
    """The records of the list, in their order."""
    return re.findall(r'<td class="id">([A-Z]+-\d+)</td>', html)


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"/queue?{query}" if query else "/queue")
    assert answer.status_code == 200
    return answer.content.decode()


def tab(html: str, label: str) -> str:
    """The number on a tab."""
    found = re.search(rf'{re.escape(label)}\s*<span class="n">([^<]*)</span>', html)
    assert found, label
    return found[1]


def test_each_view_shows_its_work_and_says_how_much(desk: Cast, signed_in: SignIn) -> None:
    free, mine, others, waiting, gone = (report(desk, f"Case {n}") for n in range(5))
    take(mine, by=desk.sam)
    take(others, by=desk.nora)
    move(take(waiting, by=desk.sam), "wait", by=desk.sam, fields={"waiting_reason": "requester"})
    move(gone, "resolve", by=desk.sam, fields={"resolution": "Done."})
    client = signed_in(desk.sam)
    for view, expected in {
        "mine": {mine, waiting},
        "unassigned": {free},
        "waiting": {waiting},
        "open": {free, mine, others, waiting},
        "closed": {gone},
    }.items():
        html = shown(client, f"view={view}")
        assert set(numbers(html)) == {each.number for each in expected}, view
    assert [tab(html, label) for label in ("My work", "Unassigned", "Recently closed")] == [
        "2",
        "1",
        "1",
    ]


def test_an_agent_begins_with_their_own_work_and_others_with_all(
    desk: Cast, signed_in: SignIn
) -> None:
    record = report(desk, "Not assigned")
    assert numbers(shown(signed_in(desk.sam))) == []
    assert numbers(shown(signed_in(desk.audrey))) == [record.number]


def test_urgent_work_comes_first_and_groups_say_how_many(desk: Cast, signed_in: SignIn) -> None:
    plain, urgent, waiting = report(desk, "Plain"), report(desk, "Urgent", urgent=True), None
    waiting = take(report(desk, "Stuck", urgent=True), by=desk.sam)
    move(waiting, "wait", by=desk.sam, fields={"waiting_reason": "provider"})
    html = shown(signed_in(desk.sam), "view=open")
    assert numbers(html) == [urgent.number, plain.number, waiting.number]
    assert re.findall(r'scope="rowgroup">([^<]+)<', html) == [
        "Urgent · 1",
        "Open · 1",
        "Waiting · 1",
    ]
    assert "A provider" in html
    assert 'aria-sort="ascending"' in html


def test_what_is_typed_becomes_an_address(desk: Cast, signed_in: SignIn) -> None:
    client = signed_in(desk.sam)

    def typed(text: str) -> dict[str, list[str]]:
        answer = client.get("/queue", {"view": "open", "find": text})
        assert answer.status_code == 302
        return parse_qs(urlsplit(answer["Location"]).query)

    assert typed("P2 @nora.desk printer jam") == {
        "view": ["open"],
        "category": ["open"],
        "priority": ["2"],
        "assignee": [str(desk.nora.pk)],
        "q": ["printer jam"],
    }
    assert typed("@me")["assignee"] == ["me"]
    assert typed("@nobody")["assignee"] == ["none"]
    assert typed("erp finance")["service"] == ["erp-finance"]
    assert typed("@zacharias")["q"] == ["@zacharias"]


def test_filters_stand_as_pills_that_can_be_taken_off(desk: Cast, signed_in: SignIn) -> None:
    erp = report(desk, "Ledger", service=desk.erp.pk)
    other = report(desk, "Gate")
    client = signed_in(desk.sam)
    html = shown(client, "view=open&category=open&service=erp-finance")
    assert numbers(html) == [erp.number]
    assert re.search(
        r'Service is <b>ERP Finance</b><a class="x" href="\?view=open&amp;category', html
    )
    removed = shown(client, "view=open&category=open")
    assert set(numbers(removed)) == {erp.number, other.number}
    assert 'href="?view=any"' in removed
    assert set(numbers(shown(client, "view=any"))) == {erp.number, other.number}


def test_the_menu_sets_and_clears_a_filter(desk: Cast, signed_in: SignIn) -> None:
    client = signed_in(desk.sam)
    given = {"view": "open", "set": "1", "category": "open", "team": "mine", "priority": ""}
    answer = client.get("/queue", given | {"assignee": "", "assignee_text": "nora"})
    assert parse_qs(urlsplit(answer["Location"]).query) == {
        "view": ["open"],
        "category": ["open"],
        "team": ["mine"],
        "assignee": [str(desk.nora.pk)],
    }
    answer = client.get("/queue", {"view": "open", "set": "1", "category": ""})
    assert parse_qs(urlsplit(answer["Location"]).query) == {"view": ["any"]}


def test_nonsense_in_the_address_is_left_out(desk: Cast, signed_in: SignIn) -> None:
    record = report(desk, "Still here")
    query = "view=nothing&sort=sideways&team=x&priority=%00&assignee=99999999999999999999"
    assert record.number not in shown(signed_in(desk.sam), "view=open&service=no-such")
    assert signed_in(desk.sam).get(f"/queue?{query}").status_code == 200
    assert signed_in(desk.sam).get("/queue?view=open&after=nonsense").status_code == 422


def test_empty_lists_say_why_and_what_to_do(desk: Cast, signed_in: SignIn) -> None:
    client = signed_in(desk.sam)
    assert "Nothing is waiting for you." in shown(client, "view=mine")
    assert "Everything has somebody." in shown(client, "view=unassigned")
    report(desk, "Something")
    filtered = shown(client, "view=open&q=zebra")
    assert "Nothing matches these filters." in filtered
    assert 'href="?view=open">Clear' in filtered


def test_pages_of_fifty_follow_each_other(desk: Cast, signed_in: SignIn) -> None:
    fill(desk, 60)
    client = signed_in(desk.sam)
    first = shown(client, "view=open")
    following = re.search(r'href="\?([^"]*after=[^"]*)" rel="next"', first)
    assert following
    second = shown(client, following[1].replace("&amp;", "&"))
    seen = numbers(first) + numbers(second)
    assert len(numbers(first)) == 50
    assert (
        len(seen)
        == len(set(seen))
        == Record.objects.filter(state_category__in=("new", "active", "waiting")).count()
    )
    assert "Select all" in first


@pytest.mark.parametrize("sort", ["next", "priority", "opened", "updated", "due"])
def test_every_sort_pages_without_a_gap(desk: Cast, signed_in: SignIn, sort: str) -> None:
    from brigade.kernel.records.lists import OPEN, Sort, list_page

    fill(desk, 24)
    seen, after = [], None
    while True:
        found = list_page(desk.sam, OPEN, Sort(sort), after, 7)
        seen += [row["number"] for row in found.rows]
        after = found.next_cursor
        if after is None:
            break
    assert sorted(seen) == sorted(
        Record.objects.filter(state_category__in=OPEN.categories).values_list("number", flat=True)
    )


def test_who_sees_which_records(desk: Cast, signed_in: SignIn) -> None:
    finance = report(desk, "Of Finance", service=desk.erp.pk)
    sales = report(desk, "Of Sales", by=desk.sid)
    everything = {finance.number, sales.number}
    for person in (desk.sam, desk.lena, desk.audrey, desk.petra):
        assert set(numbers(shown(signed_in(person), "view=open"))) == everything
    assert numbers(shown(signed_in(desk.olga), "view=open")) == [finance.number]
    assert numbers(shown(signed_in(desk.bert), "view=open")) == []
    for person in (desk.eve, desk.sid, desk.carl):
        assert signed_in(person).get("/queue").status_code == 404


def test_a_name_that_one_may_not_see_is_not_told(desk: Cast, signed_in: SignIn) -> None:
    html = shown(signed_in(desk.bert), f"view=open&assignee={desk.eve.pk}")
    assert "Eve Ledger" not in html


def test_links_and_tasks_stand_on_the_row_of_whoever_may_see_them(
    desk: Cast, signed_in: SignIn
) -> None:
    made = [report(desk, f"Case {n}") for n in range(3)]
    dress(desk, made)
    html = shown(signed_in(desk.sam), "view=open")
    assert html.count("1 linked") == 2
    assert html.count("1 task") == 1
    watch(made[2], by=desk.lena, person=desk.bert)
    outside = shown(signed_in(desk.bert), "view=open")
    assert numbers(outside) == [made[2].number]
    assert "1 task" not in outside


def test_rows_lead_to_the_record_within_this_list(desk: Cast, signed_in: SignIn) -> None:
    record = report(desk, "Case")
    html = shown(signed_in(desk.sam), "view=open&q=case")
    assert f'href="/{record.number}?view=open&amp;q=case"' in html


def test_the_title_is_the_team_of_whoever_has_one(desk: Cast, signed_in: SignIn) -> None:
    assert "<h1>Service desk queue</h1>" in shown(signed_in(desk.sam))
    add_relation("member_of", desk.sam, team=desk.network_operations, by=desk.operator)
    assert "<h1>Queue</h1>" in shown(signed_in(desk.sam))


def test_the_navigation_counts_what_needs_somebody(desk: Cast, signed_in: SignIn) -> None:
    mine, free, elsewhere = (report(desk, f"Case {n}") for n in range(3))
    take(mine, by=desk.sam)
    assign(elsewhere, by=desk.lena, team=desk.network_operations)
    html = shown(signed_in(desk.sam), "view=open")
    assert re.search(r'Queue<span class="n">2</span>', html), free


def test_as_many_statements_for_two_hundred_records_as_for_ten(
    desk: Cast, signed_in: SignIn
) -> None:
    client = signed_in(desk.sam)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            shown(client, "view=open")
        return len(caught)

    fill(desk, 10)
    shown(client, "view=open")
    few = cost()
    fill(desk, 190)
    assert cost() == few
    assert few <= 22
