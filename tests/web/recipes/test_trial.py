"""The pages on which a draft is tried and running records come to another version."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.drafts import open_draft
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.records.models import Record
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from tests.cast import Cast
from tests.kernel.work.conftest import desk
from tests.kernel.work.published import let_run

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
STORE = Operation("add", "facets.core.fields.store_no",
                  {"type": "text", "label": "Store", "required": {"in": "waiting"}},
                  "Shops", "Petra")  # fmt: skip


@pytest.fixture
def petra(desk: Cast) -> Client:
    standard_calendars(by=desk.operator)
    client = Client()
    client.force_login(desk.petra, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content
    return re.sub(r"\s+", " ", answer.content.decode())


def waiting(cast: Cast) -> Record:
    record = open_record("incident", by=cast.sam, fields={"title": "T", "requester": cast.eve.pk})
    record = move(record, "start", by=cast.sam)
    return move(record, "wait", by=cast.sam, fields={"waiting_reason": "provider"})


def test_a_made_up_record_is_stepped_through_the_draft(desk: Cast, petra: Client) -> None:
    address = "/recipes/incident/simulation"
    assert "There is no draft to try." in read(petra, address)
    open_draft("incident", by=desk.petra, overlay=[STORE])
    page = read(petra, f"{address}?state=active&f_title=T")
    assert "“Waiting for” must be filled in for the state “Waiting”." in page
    filled = f"{address}?f_title=T&f_waiting_reason=provider&state=active"
    assert "“Store” must be filled in for the state “Waiting”." in read(petra, filled)
    page = read(petra, f"{filled}&f_store_no=7")
    assert re.search(
        r'<a href="[^"]*f_store_no=7[^"]*state=waiting#step">Wait on someone</a>', page
    )
    told = read(petra, f"{filled}&f_store_no=7&role=requester")
    assert "You do not have a role that may take the step “Wait on someone”." in told
    assert "The draft has no such state." in read(petra, f"{address}?state=nowhere", 422)
    assert "Give 1 to 400 days." in read(petra, f"{address}?days=many", 422)


def test_the_past_is_replayed_with_names_only_for_who_may_read_them(
    desk: Cast, petra: Client
) -> None:
    record = waiting(desk)
    open_draft("incident", by=desk.petra, overlay=[STORE])
    page = read(petra, "/recipes/incident/simulation?days=7")
    assert "1 of 1 records (100.0 %), 1 of 2 moves" in page
    assert "Above 5 % the draft is published only with a reason." in page
    assert record.number in page and "“Store” is not filled in" in page
    assert "0 can come along." in page and "Not filled in: Store" in page
    body = {"overlay": [STORE.as_dict()], "state": "active", "fields": {"title": "T"}}
    answer = petra.post("/api/v1/recipes/incident/step", json.dumps(body), "application/json")
    wait = next(one for one in answer.json()["steps"] if one["name"] == "wait")
    assert (wait["allowed"], wait["code"], wait["field"]) == (
        False, "missing_field", "waiting_reason",
    )  # fmt: skip
    wrong = {"overlay": [{"set": "facets.core.fields.nothing.label", "to": "x", "why": "y"}]}
    answer = petra.post("/api/v1/recipes/incident/simulation", json.dumps(wrong),
                        "application/json")  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (409, "recipe_unsound")


def test_records_that_stay_are_listed_and_a_value_takes_them_along(
    desk: Cast, petra: Client
) -> None:
    adopt("incident", by=desk.ada, owner=desk.petra, rationale="Restore.")
    record, address = waiting(desk), "/recipes/incident/running"
    let_run("incident", [STORE], owner=desk.petra, admin=desk.ada)
    page = read(petra, address)
    assert "0 can come along." in page and "Not filled in: Store" in page
    form: dict[str, Any] = {"do": "plan", "way": "mapped", "field_store_no": "7"}
    listed = petra.post(address, form).content.decode()
    assert "1 can come along." in listed and 'value="7"' in listed
    assert petra.post(address, form | {"do": "migrate"}).status_code == 302
    fresh = Record.objects.get(pk=record.pk)
    assert (fresh.data["store_no"], fresh.version) == ("7", record.version + 1)
    assert "Every running record follows the version that runs." in read(petra, address)
    assert "to version <b>" in read(petra, f"/{record.number}")
