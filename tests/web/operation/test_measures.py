"""The page of one measure: what it says, the rows behind, tables, and closing a month."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from brigade.kernel.instants import at_instant
from brigade.kernel.measures.models import MeasureValue
from brigade.kernel.work.opening import open_record
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/figures/measures/K06"
MARCH = datetime(2030, 3, 31, 12, tzinfo=UTC)
APRIL = datetime(2030, 4, 20, 9, tzinfo=UTC)


@pytest.fixture
def backlog(desk: Cast) -> Cast:
    """Twelve incidents open at the end of March, a day to twelve days old at noon before."""
    for age in range(1, 13):
        with at_instant(MARCH - timedelta(days=age)):
            open_record("incident", by=desk.eve, fields={"title": f"Open {age}"})
    return desk


def read(client: Any, address: str) -> str:
    with at_instant(APRIL):
        answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    return unescape(answer.content.decode())


def test_it_begins_with_a_finding_and_opens_its_rows(signed_in: Any, backlog: Cast) -> None:
    client = signed_in(backlog.sam)
    html = read(client, f"{PAGE}?period=2030-03")
    assert "Age of the backlog: 11.4 days in March 2030." in html
    assert "Settled" in html and "Hash of the query" in html
    [rows] = re.findall(r'href="(/figures/measures/K06/rows\?[^"]+by=[^"]+)"', html)
    listed = read(client, rows)
    assert len(re.findall(r'<th scope="row"><a', listed)) == 12
    assert "Open 7" in listed


def test_it_shows_only_what_the_reader_may_see(signed_in: Any, backlog: Cast) -> None:
    html = read(signed_in(backlog.olga), f"{PAGE}?period=2030-03")
    assert "too few to say for March 2030, with 0 of at least 10 rows" in html


def test_the_overview_names_what_is_adopted_and_nothing_else(signed_in: Any, backlog: Cast) -> None:
    client = signed_in(backlog.sam)
    html = read(client, "/figures/incidents")
    assert "Age of the backlog" in html and "Restored within target" not in html
    assert client.get("/figures/measures/K01").status_code == 404


def test_the_same_as_a_table(signed_in: Any, backlog: Cast) -> None:
    client = signed_in(backlog.sam)
    text = read(client, f"{PAGE}/table.csv?period=2030-03")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 12
    assert (rows[-1]["period"], rows[-1]["n"]) == ("2030-03", "12")
    assert rows[0]["value"] == ""
    with at_instant(APRIL):
        assert client.get(f"{PAGE}/table.xlsx").content.startswith(b"PK")


def test_a_month_is_frozen_and_restated_on_the_page(signed_in: Any, backlog: Cast) -> None:
    client = signed_in(backlog.petra)
    with at_instant(APRIL):
        early = client.post(f"{PAGE}/freeze", {"period": "2030-04"})
        assert early.status_code == 422 and b"Until then late work" in early.content
        done = client.post(f"{PAGE}/freeze", {"period": "2030-03"})
        assert done["Location"] == f"{PAGE}?period=2030-03"
        assert "Frozen" in read(client, f"{PAGE}?period=2030-03")
        empty = client.post(f"{PAGE}/restatement", {"period": "2030-03", "reason": ""})
        assert empty.status_code == 422
        client.post(f"{PAGE}/restatement", {"period": "2030-03", "reason": "Logged late"})
    assert "Logged late" in read(client, f"{PAGE}?period=2030-03")
    assert MeasureValue.objects.count() == 2


@pytest.mark.parametrize("period", ["2026-13", "x", "2041-01", "%00", "9999", "2026-W54"])
def test_an_impossible_period_is_refused(signed_in: Any, desk: Cast, period: str) -> None:
    client = signed_in(desk.sam)
    assert client.get(f"{PAGE}?period={period}").status_code == 422
    assert client.get(f"/api/v1/measures/K06?period={period}").status_code == 422


def test_a_program_reads_the_same(signed_in: Any, backlog: Cast) -> None:
    client = signed_in(backlog.sam)
    with at_instant(APRIL):
        figure = client.get("/api/v1/measures/K06?period=2030-03&by=team").json()
        rows = client.get("/api/v1/measures/K06/rows?period=2030-03").json()
        table = client.get("/api/v1/measures/K06/table?period=2030-03&format=csv")
        listed = client.get("/api/v1/measures").json()
    last = figure["items"][-1]
    assert (last["period"], last["n"], last["state"]) == ("2030-03", 12, "settled")
    assert round(last["value"], 1) == 11.4 and figure["parts"][0]["name"] == "Service desk"
    assert len(rows["items"]) == 12 and rows["next"] is None
    assert table["Content-Type"].startswith("text/csv")
    assert [one["key"] for one in listed["items"]] == ["K06"]


def test_it_costs_the_same_however_much_there_is(
    signed_in: Any, desk: Cast, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(desk.sam)
    counted = []
    for amount in (10, 60):
        for number in range(amount):
            open_record("incident", by=desk.eve, fields={"title": f"Broken {number}"})
        client.get(PAGE)
        with django_assert_max_num_queries(30) as seen:
            client.get(PAGE)
        counted.append(len(seen))
    assert counted[0] == counted[1]
