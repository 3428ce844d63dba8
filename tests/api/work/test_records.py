"""Records through the API: list, read, open, change, with every refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brigade.kernel.records.models import Record
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.opening import open_record
from tests.api.conftest import Program
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def test_open_read_change(desk: Cast, program: Programs) -> None:
    sam = program(desk.sam)
    made = sam.post(
        "/records",
        {
            "title": "Printer is on fire",
            "description": "Third floor.",
            "fields": {"requester": desk.eve.pk, "urgent": True, "service": desk.erp.pk},
        },
    )
    assert made.status_code == 201, made.content
    record = made.json()
    assert made["Location"] == f"/api/v1/records/{record['number']}"
    assert (record["priority"], record["priority_label"]) == (2, "High")
    assert record["requester"] == {"id": desk.eve.pk, "name": "Eve Ledger"}
    assert record["customer"]["id"] == desk.finance.pk
    assert (record["channel"], record["state"], record["due_at"]) == ("api", "new", None)
    assert Record.objects.get().journal.get().origin == "api"
    path = f"/records/{record['number']}"
    read = sam.get(path)
    assert read.json() == record
    assert read["ETag"] == made["ETag"] == '"1"'
    assert sam.get(path, If_None_Match=read["ETag"]).status_code == 304
    changed = sam.patch(path, {"fields": {"title": "Printer smokes"}}, If_Match='"1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    assert sam.get(path, If_None_Match=read["ETag"]).status_code == 200


def test_conflicts(desk: Cast, incident: Record, program: Programs) -> None:
    sam, path = program(desk.sam), f"/records/{incident.number}"
    set_fields(incident, {"title": "Ledger hangs"}, by=desk.nora)
    strict = sam.patch(path, {"fields": {"affected_users": 3}}, If_Match='"1"')
    assert (strict.status_code, strict.json()["code"]) == (412, "changed_meanwhile")
    assert strict["Content-Type"] == "application/problem+json"
    merged = sam.patch(path, {"fields": {"affected_users": 3}, "version": 1})
    assert merged.status_code == 200
    assert (merged.json()["title"], merged.json()["fields"]["affected_users"]) == (
        "Ledger hangs",
        3,
    )
    clash = sam.patch(path, {"fields": {"title": "Ledger is slow"}, "version": 1})
    assert (clash.status_code, clash.json()["field"]) == (409, "title")
    assert clash.json()["theirs"] == {"title": "Ledger hangs"}


def test_refusals(desk: Cast, incident: Record, program: Programs) -> None:
    path = f"/records/{incident.number}"
    hidden = program(desk.sid).get(path)
    missing = program(desk.sid).get("/records/INC-99999")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() == missing.json()
    assert program(desk.audrey).patch(path, {"fields": {"title": "x"}}).status_code == 403
    nobody = program(desk.sam).post("/records", {"title": "x", "kind": "change"})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_adopted")
    empty = program(desk.eve).post("/records", {"title": " "})
    assert (empty.status_code, empty.json()["field"]) == (422, "title")
    shape = program(desk.eve).post("/records", {"titel": "x"})
    assert shape.status_code == 422
    assert {each["field"] for each in shape.json()["errors"]} == {"title", "titel"}
    broken = program(desk.eve).client.post(
        "/api/v1/records",
        "{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {program(desk.eve).raw}"},
    )
    assert broken.status_code == 400
    other = program(desk.eve).post("/records", {"title": "x", "fields": {"requester": desk.sid.pk}})
    assert other.status_code == 403


def test_what_the_requester_may_not_know(desk: Cast, incident: Record, program: Programs) -> None:
    set_fields(incident, {"category": "Finance/Ledger", "impact": 2}, by=desk.sam)
    eve = program(desk.eve).get(f"/records/{incident.number}").json()
    sam = program(desk.sam).get(f"/records/{incident.number}").json()
    assert (eve["category"], eve["impact"]) == (None, None)
    assert (sam["category"], sam["impact"]) == ("Finance/Ledger", 2)


def test_lists_filter_sort_and_page(desk: Cast, program: Programs) -> None:
    for n in range(7):
        open_record("incident", by=desk.eve, fields={"title": f"Case {n}", "urgent": n % 2 == 0})
    sam, seen, after = program(desk.sam), [], ""
    while True:
        page = sam.get(f"/records?sort=due&limit=3{after}").json()
        seen += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [row["priority"] for row in seen] == [2, 2, 2, 2, 4, 4, 4]
    assert len({row["number"] for row in seen}) == 7
    newest = sam.get("/records?sort=opened&limit=1").json()["items"][0]
    assert newest["title"] == "Case 6"
    assert len(sam.get("/records?priority=2&category=new").json()["items"]) == 4
    assert sam.get("/records?assignee=me").json()["items"] == []
    assert len(sam.get("/records?assignee=none&q=case").json()["items"]) == 7
    assert sam.get("/records?after=nonsense").json()["field"] == "after"
    assert (
        sam.get(
            "/records?sort=opened&after=" + sam.get("/records?limit=2").json()["next"]
        ).status_code
        == 422
    )
    assert len(program(desk.eve).get("/records?requester=me").json()["items"]) == 7
    assert program(desk.sid).get("/records").json() == {"items": [], "next": None}
    found = sam.get("/records/search?q=case 3").json()["items"]
    assert [row["title"] for row in found] == ["Case 3"]


@pytest.mark.parametrize(
    "path", ["/records", "/records?sort=due&category=new", "/records/search?q=case"]
)
def test_a_list_asks_as_often_for_many_as_for_few(desk: Cast, program: Programs, path: str) -> None:
    sam, asked = program(desk.sam), []
    for size in (10, 90):
        for n in range(size):
            open_record("incident", by=desk.eve, fields={"title": f"Case {n}"})
        sam.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sam.get(path + ("&" if "?" in path else "?") + "limit=100")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 8


@pytest.mark.parametrize("text", ["a\x00b", "\x00"])
def test_what_cannot_be_kept_is_refused_with_its_field(
    desk: Cast, incident: Record, program: Programs, text: str
) -> None:
    lena, path = program(desk.petra), f"/records/{incident.number}"
    tried = {
        "/records": {"title": text},
        f"{path}/entries": {"body": text, "visibility": "public"},
        f"{path}/transitions": {"transition": "cancel", "body": text},
        f"{path}/tasks": {"title": text},
        f"{path}/entries/1/erasure": {"reason": text},
        f"{path}/links": {"type": "duplicates", "other": text},
        "/replies": {"name": text, "body": text},
        "/views": {"name": text, "query": text},
    }
    for address, body in tried.items():
        answer = lena.post(address, body)
        expected = 404 if address.endswith("links") else 422
        assert answer.status_code == expected, (address, answer.content)
    assert lena.patch(path, {"fields": {"title": text}}).status_code == 422
    assert lena.get("/records?q=a%00b").status_code == 422
    assert lena.get("/records/INC%00").status_code == 404
    assert lena.get("/recipes/%00").status_code == lena.get("/services/%00").status_code == 404
