"""A field that an organisation adds is asked, refused, shown, found, counted and handed out."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from brigade.kernel.recipes.own_fields import own_fields
from brigade.kernel.records.lists import ListFilter, list_page
from brigade.kernel.records.models import JournalEntry, Record, SavedView
from brigade.kernel.records.row_marks import marks_of
from brigade.kernel.refused import Invalid
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.own_filters import own_filter
from tests.api.conftest import Program
from tests.cast import Cast
from tests.web.work.shops import shops, tailored

__all__ = ["shops"]
pytestmark = pytest.mark.django_db
CALL = {"requester_text": "Eve Ledger", "title": "Till is dead", "channel": "phone"}
REPORT = {"title": "Till is dead", "still_works": "no", "affected": "1"}


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:800]
    return unescape(answer.content.decode())


def opened(cast: Cast, **own: Any) -> Record:
    fields = {"title": "Till is dead", "requester": cast.eve, **own}
    return open_record("incident", by=cast.sam, fields=fields)


def test_the_form_asks_for_it_where_its_condition_holds(signed_in: Any, shops: Cast) -> None:
    sam = signed_in(shops.sam)
    form = text(sam.get("/new/incident"))
    assert 'name="field_region"' in form and 'name="field_till"' not in form
    assert 'hx-get="/new/incident/fields"' in form and "Loss an hour" in form
    part = text(sam.get("/new/incident/fields?field_region=north"))
    assert 'name="field_till"' in part and "It stands on the back." in part
    asked = text(sam.post("/new/incident", {**CALL, "field_region": "north"}), 422)
    assert "This is asked because of what you said above." in asked
    assert not Record.objects.exists()


def test_what_is_said_is_kept_by_its_type_and_stands_in_the_journal(
    signed_in: Any, shops: Cast
) -> None:
    shown = "field_region field_till field_loss field_insured field_visit field_witness"
    said = {
        "field_region": "north", "field_till": " 17 ", "field_loss": "12,50",
        "field_insured": "no", "field_visit": "2026-03-27", "field_witness_text": "Nora",
        "own_shown": shown,
    }  # fmt: skip
    sam = signed_in(shops.sam)
    wrong = text(sam.post("/new/incident", {**CALL, **said, "field_loss": "a lot"}), 422)
    assert "Give a number such as 12 or 0.5." in wrong and 'href="#field_loss"' in wrong
    assert sam.post("/new/incident", {**CALL, **said}).status_code == 302
    record = Record.objects.get()
    kept = {
        "region": "north", "till": "17", "loss": "12.5", "insured": False,
        "visit": "2026-03-27", "witness": shops.nora.pk,
    }  # fmt: skip
    assert {name: record.data[name] for name in kept} == kept
    entry = JournalEntry.objects.get(record=record)
    assert entry.changes is not None and entry.changes["till"] == [None, "17"]
    page = text(sam.get(f"/{record.number}"))
    for words in ("Till number", "The north", "12.5", "27 Mar 2026", "Nora"):
        assert words in page, words


def test_a_label_is_in_the_readers_language(signed_in: Any, shops: Cast) -> None:
    record = opened(shops, region="north", till="17")
    type(shops.sam).objects.filter(pk=shops.sam.pk).update(language="de")
    page = text(signed_in(shops.sam).get(f"/{record.number}"))
    assert "Kassennummer" in page and "Norden" in page and "The south" not in page


def test_whoever_asks_is_asked_only_what_is_theirs_to_know(client: Client, shops: Cast) -> None:
    client.force_login(shops.eve)
    form = text(client.get("/help/report"))
    assert 'name="field_region"' in form and "Loss an hour" not in form
    assert 'name="field_till"' in text(client.get("/help/report/fields?field_region=north"))
    sent = REPORT | {"field_region": "south", "own_shown": "field_region", "field_loss": "3"}
    assert client.post("/help/report", sent).status_code == 302
    record = Record.objects.get()
    assert record.data["region"] == "south" and "loss" not in record.data
    set_fields(record, {"loss": "4711"}, by=shops.sam)
    page = text(client.get(f"/requests/{record.number}"))
    assert "The south" in page and "4711" not in page
    with pytest.raises(Invalid, match="no field called"):
        open_record("incident", by=shops.eve, fields={"title": "Dead", "loss": "3"})


def test_a_draft_keeps_it(client: Client, shops: Cast) -> None:
    client.force_login(shops.eve)
    client.post("/help/report/draft", REPORT | {"field_region": "north", "field_till": "9"})
    form = text(client.get("/help/report"))
    assert 'value="9"' in form and '<option value="north" selected' in form


def test_a_step_asks_for_it_and_refuses_without(signed_in: Any, shops: Cast) -> None:
    record = opened(shops, region="north")
    with pytest.raises(Invalid, match="“Till number” must be filled in") as no:
        move(record, "start", by=shops.sam)
    assert no.value.field == "till"
    sam = signed_in(shops.sam)
    assert sam.post(f"/{record.number}/moves", {"transition": "start"}).status_code == 302
    assert 'name="till"' in text(sam.get(f"/{record.number}/moves/start"))
    assert sam.post(f"/{record.number}/moves/start", {"till": "17"}).status_code == 302
    assert Record.objects.get().data["till"] == "17"
    other = opened(shops, region="south")
    assert move(other, "start", by=shops.sam).state == "active"


def test_it_is_changed_on_the_page_while_it_is_meant(signed_in: Any, shops: Cast) -> None:
    record, sam = opened(shops, region="south"), signed_in(shops.sam)
    page = text(sam.get(f"/{record.number}"))
    assert "/fields/insured" in page and "/fields/till" not in page
    refused = text(sam.post(f"/{record.number}/fields/till", {"till": "17"}), 422)
    assert "is not asked of such a record" in refused
    assert sam.post(f"/{record.number}/fields/region", {"region": "north"}).status_code == 302
    assert sam.post(f"/{record.number}/fields/till", {"till": "17"}).status_code == 302
    record = set_fields(Record.objects.get(), {"region": "south"}, by=shops.sam)
    assert record.data["till"] == "17", "what was said is not lost with its condition"
    assert "till" not in set_fields(record, {"till": ""}, by=shops.sam).data


def test_programs_read_change_and_find_it(shops: Cast) -> None:
    sam, eve = Program(shops.sam), Program(shops.eve)
    fields = {"requester": shops.eve.pk, "region": "north", "till": "17", "loss": 0.5}
    made = sam.post("/records", {"title": "Till is dead", "fields": fields})
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    for program, told in ((sam, True), (eve, False)):
        fields_told = program.get("/recipes/incident").json()["fields"]
        assert ("loss" in [one["name"] for one in fields_told]) == told
    assert (made.json()["fields"]["loss"], made.json()["fields"]["till"]) == (0.5, "17")
    opened(shops, region="south")
    theirs = eve.get(f"/records/{number}").json()["fields"]
    assert theirs["till"] == "17" and "loss" not in theirs
    [entry] = eve.get(f"/records/{number}/entries").json()["items"]
    assert entry["changes"]["region"] == [None, "north"] and "loss" not in entry["changes"]

    def found(program: Program, *sought: str) -> list[str]:
        query = "&".join(f"field={one}" for one in sought)
        answer = program.get(f"/records?{query}")
        assert answer.status_code == 200, answer.content
        return [one["number"] for one in answer.json()["items"]]

    assert found(sam, "region:north") == [number] == found(sam, "loss:0.50", "till:17")
    assert len(found(sam, "region:north", "region:south")) == 2
    assert found(eve, "region:north") == [number]
    assert found(eve, "loss:0.5") == [], "what one may not read does not answer either"
    unknown = sam.get("/records?field=nothing:1")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_field")
    missing = sam.post(
        "/records", {"title": "Dead", "fields": {"requester": shops.eve.pk, "till": "1"}}
    )
    assert (missing.status_code, missing.json()["field"]) == (422, "till")
    fields = {"requester": shops.eve.pk, "region": "north"}
    waiting = sam.post("/records", {"title": "Dead", "fields": fields}).json()
    [start, *_rest] = sam.get(f"/records/{waiting['number']}/transitions").json()["items"]
    assert [one["name"] for one in start["fields"]] == ["till"]


def test_a_record_keeps_to_the_fields_of_its_version(signed_in: Any, shops: Cast) -> None:
    before = opened(shops, region="north", till="17")
    tailored(shops, {})
    page = text(signed_in(shops.sam).get(f"/{before.number}"))
    assert "Till number" in page
    assert "field_region" not in text(signed_in(shops.sam).get("/new/incident"))
    assert move(before, "start", by=shops.sam).data["till"] == "17"


def rows_of(html: str) -> list[str]:
    return re.findall(r'<td class="id">([^<]+)', html)


def test_the_queue_is_filtered_by_it_shows_it_and_keeps_it_in_a_view(
    signed_in: Any, shops: Cast
) -> None:
    north = opened(shops, region="north", till="17", loss="1250.5", witness=shops.nora)
    opened(shops, region="south", insured=False)
    sam = signed_in(shops.sam)
    menu = text(sam.get("/queue?view=open"))
    assert len(rows_of(menu)) == 2 and 'id="f-field_region"' in menu
    chosen = sam.get("/queue?view=open&set=1&field_region=north&field_insured=")
    assert "field_region=north" in chosen["Location"]
    html = text(sam.get(chosen["Location"]))
    assert rows_of(html) == [north.number] and "Region is" in html and "The north" in html
    both = text(sam.get("/queue?view=any&field_region=north&field_region=south"))
    assert len(rows_of(both)) == 2 and "The north or The south" in both
    by_person = sam.get("/queue?view=any&set=1&field_witness=&field_witness_text=Nora")
    assert rows_of(text(sam.get(by_person["Location"]))) == [north.number]
    for nothing in ("field_region=west", "field_loss=much", "field_insured=yes"):
        assert rows_of(text(sam.get(f"/queue?view=any&{nothing}"))) == []
    assert len(rows_of(text(sam.get("/queue?view=any&field_nothing=1")))) == 2
    sam.post("/queue/columns", {"view": "open", "column": ["id", "field_loss", "field_witness"]})
    shown = text(sam.get("/queue?view=open"))
    assert "1,250.5" in shown and "Nora" in shown and "Loss an hour" in shown
    sam.post("/queue/views", {"name": "The north", "query": "view=open&field_region=north"})
    view = SavedView.objects.get()
    assert "field_region=north" in view.query
    assert rows_of(text(sam.get(f"/queue?view={view.pk}"))) == [north.number]


def test_what_is_not_theirs_to_read_stands_in_no_list(signed_in: Any, shops: Cast) -> None:
    record = opened(shops, region="north", loss="4711")
    marks = marks_of(shops.eve, [record.pk], {"region": True, "loss": False})
    assert marks[record.pk].own == {"region": "north"}
    asked = own_filter(own_fields()["loss"], ["4711"])
    assert list_page(shops.eve, ListFilter(own=(asked,))).rows == []
    assert len(list_page(shops.sam, ListFilter(own=(asked,))).rows) == 1


def test_a_filter_reads_its_index(shops: Cast) -> None:
    statement = 'explain select id from records_record where data @> \'{"till": "17"}\''
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(statement)
        assert "record_data" in str(cursor.fetchall())


def test_a_list_is_handed_out_with_it(signed_in: Any, shops: Cast) -> None:
    opened(shops, region="north", till="=1+1", loss="12.50", insured=True, witness=shops.nora)
    opened(shops, region="south")
    sam = signed_in(shops.sam)
    table = text(sam.get("/queue/table.csv?view=any&field_region=north"))
    [line] = csv.DictReader(io.StringIO(table))
    own = {name: line[f"field_{name}"] for name in ("region", "loss", "insured", "witness")}
    assert own == {"region": "north", "loss": "12.5", "insured": "true", "witness": "Nora Desk"}
    assert line["title"] == "Till is dead" and not line["field_till"].startswith("=")
    assert sam.get("/queue/table.xlsx?view=any").content[:2] == b"PK"
    assert signed_in(shops.eve).get("/queue/table.csv?view=any").status_code == 404


def test_a_provider_works_on_it_without_what_is_internal(signed_in: Any, shops: Cast) -> None:
    record = opened(shops, region="north", till="17", loss="4711", provider=shops.beta)
    bert = signed_in(shops.bert)
    page = text(bert.get(f"/{record.number}"))
    assert "Till number" in page and "4711" not in page and "Loss an hour" not in page
    assert bert.get(f"/{record.number}/fields/loss").status_code == 404
    with pytest.raises(Invalid, match="no field that can be set"):
        set_fields(record, {"loss": "1"}, by=shops.bert)
    with pytest.raises(Invalid, match="no field called"):
        move(record, "resolve", by=shops.bert, fields={"resolution": "Done.", "loss": "1"})
    assert set_fields(record, {"till": "18"}, by=shops.bert).data["till"] == "18"
