"""The figures page: what it says, whose incidents it counts, and the rows behind each number."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from brigade.kernel import instants
from brigade.kernel.instants import at_instant
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.opening import open_record
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/figures/incidents"


def report(desk: Cast, title: str, days_ago: float, *, by: Any = None, **fields: Any) -> Any:
    with at_instant(instants.now() - timedelta(days=days_ago)):
        return open_record("incident", by=by or desk.eve, fields={"title": title, **fields})


@pytest.fixture
def work(desk: Cast) -> Cast:
    """Five incidents: three open (one of them old and of Sales), two resolved by Sam."""
    report(desk, "Fresh", 0)
    report(desk, "Of this week", 2, urgent=True)
    report(desk, "Old", 40, by=desk.sid)
    for title, days in (("Solved", 3), ("Solved too", 10)):
        record = take(report(desk, title, days), by=desk.sam)
        move(record, "resolve", by=desk.sam, fields={"resolution": "Turned on."})
    return desk


@pytest.mark.parametrize("who", ["sam", "lena", "petra", "olga", "fred", "audrey"])
def test_it_is_open_to(signed_in: Any, desk: Cast, who: str) -> None:
    client = signed_in(getattr(desk, who))
    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}.csv").status_code == 200


@pytest.mark.parametrize("who", ["eve", "sid", "bert", "carl"])
def test_it_is_closed_to(signed_in: Any, desk: Cast, who: str) -> None:
    client = signed_in(getattr(desk, who))
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}.csv").status_code == 403


def test_it_begins_with_what_the_figures_say(signed_in: Any, work: Cast) -> None:
    html = signed_in(work.sam).get(PAGE).content.decode()
    assert "In 28 days 4 incidents came in and 2 got resolved." in html
    assert "3 are open, 1 of them for more than 30 days." in html
    assert "Half of those resolved took no longer than" in html


def test_finance_reads_the_numbers_of_all(signed_in: Any, work: Cast) -> None:
    html = signed_in(work.fred).get(PAGE).content.decode()
    assert "In 28 days 4 incidents came in and 2 got resolved." in html
    assert "Sid" not in html and "Fresh" not in html


def test_it_counts_only_what_the_reader_may_see(signed_in: Any, work: Cast) -> None:
    html = signed_in(work.olga).get(PAGE).content.decode()
    assert "0 incidents came in" in html and "Nothing is open." in html


def test_behind_every_figure_stand_its_rows(signed_in: Any, work: Cast) -> None:
    client = signed_in(work.sam)
    html = client.get(PAGE).content.decode()
    links = re.findall(r'<a (?:class="quiet" )?href="(/queue\?[^"]+)">([\d,]+)</a>', html)
    assert len(links) > 12
    for address, shown in links:
        rows = client.get(unescape(address)).content.decode()
        assert len(re.findall(r'<th scope="row" class="subject">', rows)) == int(shown), address


def test_the_period_is_chosen(signed_in: Any, work: Cast) -> None:
    client = signed_in(work.sam)
    assert "In 7 days 3 incidents" in client.get(f"{PAGE}?period=7").content.decode()
    html = client.get(f"{PAGE}?period=364").content.decode()
    assert "In 364 days 5 incidents" in html and "Week from" in html
    today = instants.now().date()
    first = today - timedelta(days=11)
    html = client.get(f"{PAGE}?from={first}&to={today - timedelta(days=9)}").content.decode()
    assert "In 3 days 1 incident came in" in html


@pytest.mark.parametrize(
    "query",
    ["from=2026-02-30&to=2026-03-01", "from=2026-03-02&to=2026-03-01", "from=x", "to=2026-03-01",
     "from=2001-01-01&to=2026-01-01", "from=%00&to=0001-01-01"],
)  # fmt: skip
def test_impossible_days_are_refused_with_the_form(signed_in: Any, desk: Cast, query: str) -> None:
    answer = signed_in(desk.sam).get(f"{PAGE}?{query}")
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()
    assert signed_in(desk.sam).get(f"{PAGE}.csv?{query}").status_code == 422


def test_a_period_without_anything_leads_to_one_with(signed_in: Any, desk: Cast) -> None:
    client = signed_in(desk.sam)
    assert "Show that month" not in client.get(PAGE).content.decode()
    record = take(report(desk, "Long ago", 700), by=desk.sam)
    move(record, "cancel", by=desk.sam, fields={"cancel_reason": "A mistake"})
    html = client.get(PAGE).content.decode()
    query = re.search(r'href="\?(from=[^"]+)">Show that month', html)
    assert query
    assert "1 incident came in" in client.get(f"{PAGE}?{unescape(query[1])}").content.decode()


def test_the_same_figures_as_a_table(signed_in: Any, work: Cast) -> None:
    answer = signed_in(work.sam).get(f"{PAGE}.csv?period=28")
    assert "incidents-" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    total = sum(int(row["value"]) for row in rows if row["figure"] == "came_in")
    assert total == 4
    named = {(row["figure"], row["of"]): row["value"] for row in rows}
    assert named["open_now", ""] == "3"
    assert named["open_now_by_age", "over 30 days"] == "1"
    assert named["resolved_by_assignee", "Sam Desk"] == "2"


def test_it_costs_the_same_however_much_there_is(
    signed_in: Any, desk: Cast, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(desk.sam)
    counted = []
    for amount in (10, 60):
        for number in range(amount):
            report(desk, f"Broken {number}", number % 20)
        client.get(PAGE)
        with django_assert_max_num_queries(25) as seen:
            client.get(PAGE)
        counted.append(len(seen))
    assert counted[0] == counted[1]
