"""People, teams, organisations, services, recipes, and what the desk keeps for itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from brigade.kernel.records.models import Record
from tests.api.conftest import Program
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


@pytest.mark.parametrize("path", ["/people", "/teams", "/organisations", "/services"])
def test_lists_page_by_name(desk: Cast, program: Programs, path: str) -> None:
    sam = program(desk.sam)
    whole = sam.get(f"{path}?limit=100").json()
    assert "next" in whole, whole
    assert whole["next"] is None
    seen, after = [], ""
    while True:
        page = sam.get(f"{path}?limit=1{after}").json()
        seen += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == whole["items"]
    assert sam.get(f"{path}?after=WyJhIl0").status_code == 422


def test_a_requester_sees_little(desk: Cast, program: Programs) -> None:
    eve = program(desk.eve)
    assert [each["name"] for each in eve.get("/people").json()["items"]] == ["Eve Ledger"]
    assert eve.get("/teams").json()["items"] == []
    codes = {each["code"] for each in eve.get("/services").json()["items"]}
    assert "erp-finance" in codes and "pos" not in codes
    assert eve.get("/services/pos").status_code == 404
    assert program(desk.sam).get("/services/erp-finance").json()["owner"]["name"] == "Olga Owner"


def test_recipes(desk: Cast, program: Programs) -> None:
    eve = program(desk.eve)
    keys = [each["key"] for each in eve.get("/recipes").json()["items"]]
    assert "incident" in keys
    recipe = eve.get("/recipes/incident").json()
    assert (recipe["kind"], recipe["initial"]) == ("incident", "new")
    required = {each["name"]: each["required_in"] for each in recipe["fields"]}
    assert required["resolution"] == ["resolved", "closed"]
    assert eve.get("/recipes/nothing").status_code == 404


def test_views(desk: Cast, program: Programs) -> None:
    sam, nora = program(desk.sam), program(desk.nora)
    body = {"name": "Ours", "query": "category=new", "team": desk.service_desk.pk}
    made = sam.post("/views", body)
    assert made.status_code == 201
    assert [each["name"] for each in nora.get("/views").json()["items"]] == ["Ours"]
    path = f"/views/{made.json()['id']}"
    assert nora("DELETE", path).status_code == 403
    assert program(desk.tom)("DELETE", path).status_code == 404
    assert sam("DELETE", path).status_code == 204
    assert sam.post("/views", {**body, "team": desk.network_operations.pk}).status_code == 403


def test_canned_replies(desk: Cast, incident: Record, program: Programs) -> None:
    lena, sam, eve = program(desk.lena), program(desk.sam), program(desk.eve)
    made = lena.post("/replies", {"name": "Hello", "body": "Dear {requester}, about {number}."})
    assert made.status_code == 201
    filled = sam.get(f"/records/{incident.number}/replies/{made.json()['id']}").json()
    assert filled["body"] == f"Dear Eve Ledger, about {incident.number}."
    assert eve.get("/replies").json()["items"] == []
    path = f"/replies/{made.json()['id']}"
    assert lena("PUT", path, {"name": "Hello", "body": "Hi"}).json()["body"] == "Hi"
    assert sam("DELETE", path).status_code == 403
    assert lena("DELETE", path).status_code == 204


def test_drafts_are_ones_own(desk: Cast, incident: Record, program: Programs) -> None:
    sam, path = program(desk.sam), f"/drafts?form={incident.number}/reply"
    assert sam("PUT", path, {"values": {"body": "We lo"}}).status_code == 200
    assert sam.get(path).json()["values"] == {"body": "We lo"}
    assert program(desk.nora).get(path).json() == {"values": {}, "saved_at": None}
    assert sam("DELETE", path).status_code == 204
    assert sam.get(path).json()["values"] == {}


def test_columns_are_ones_own(desk: Cast, program: Programs) -> None:
    sam, path = program(desk.sam), "/columns?view=mine"
    assert sam.get(path).json() == {"columns": None}
    chosen = sam("PUT", path, {"columns": ["number", "title"]})
    assert chosen.json() == {"columns": ["number", "title"]}
    assert program(desk.nora).get(path).json() == {"columns": None}
    assert sam("PUT", path, {"columns": []}).json() == {"columns": None}
