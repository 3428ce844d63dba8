"""Raising the level and changing the matrix on pages, and what a record then asks for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.parties.actions import operator
from brigade.kernel.recipes.publishing import submit_draft
from brigade.kernel.recipes.queries import adoption_of, draft_of, recipe_for
from brigade.kernel.work.opening import open_record
from tests.cast import Cast

pytestmark = pytest.mark.django_db
CELLS = {f"cell-{impact}-{urgency}": "2" for impact in (1, 2, 3) for urgency in (1, 2, 3)}


@pytest.fixture
def petra(signed_in: Any, desk: Cast) -> Any:
    standard_calendars(by=operator("Brigade"))
    return signed_in(desk.petra)


def raise_level(client: Any, owner: int | str) -> Any:
    told = {"level": "2", "owner": owner, "rationale": "A shared desk.", "waiver": "New here."}
    return client.post("/recipes/incident/adoption", told)


def test_the_level_is_raised_with_owner_and_reason(petra: Any, desk: Cast) -> None:
    before = open_record("incident", by=desk.lena, fields={"title": "Old", "requester": desk.eve})
    assert raise_level(petra, "").status_code in (409, 422)
    assert raise_level(petra, desk.petra.pk).status_code == 302
    adoption = adoption_of("incident")
    assert adoption is not None and adoption.owner == desk.petra
    assert (adoption.level, adoption.rationale) == (2, "A shared desk.")
    after = open_record(
        "incident",
        by=desk.lena,
        fields={"title": "New", "requester": desk.eve, "service": desk.erp},
    )
    before.refresh_from_db()
    assert before.recipe_version_id != after.recipe_version_id == adoption.version_id
    rules = petra.get("/recipes/incident?part=rules").content.decode()
    for word in ("ola.team", "W06", "Warning", "facets.clocks.clocks.team.target", "Promise such"):
        assert word in rules


def test_the_matrix_is_edited_and_chosen_with_a_reason(petra: Any, desk: Cast) -> None:
    assert "no matrix" in petra.get("/recipes/incident/matrix").content.decode()
    raise_level(petra, desk.petra.pk)
    no = petra.post("/recipes/incident/matrix", {"do": "edit", **CELLS})
    assert no.status_code == 422 and "Say why" in no.content.decode()
    told = petra.post("/recipes/incident/matrix", {"do": "edit", "why": "All alike.", **CELLS})
    assert told["Location"] == "/recipes/incident/draft?part=differences"
    assert "All alike." in petra.get(told["Location"]).content.decode()
    assert recipe_for("incident").priority.matrix[1][0] == 1
    page = petra.get("/recipes/incident/matrix").content.decode()
    assert "the matrix of the draft" in page and page.count('value="2" selected') == 9
    body = json.dumps({"choose": "five_steps", "why": "As before."})
    put = petra.put("/api/v1/recipes/incident/matrix", body, "application/json")
    assert put.status_code == 200 and {each["why"] for each in put.json()["overlay"]} == {
        "As before."
    }
    assert "Very high" in petra.get("/recipes/incident/matrix").content.decode()
    submit_draft(draft_of("incident").pk, by=desk.petra)  # type: ignore[union-attr]
    page = petra.get("/recipes/incident/matrix").content.decode()
    assert "Take it back to change it" in page and 'name="why"' not in page


def test_a_record_asks_for_a_place_in_the_tree(petra: Any, desk: Cast, signed_in: Any) -> None:
    raise_level(petra, desk.petra.pk)
    record = open_record(
        "incident",
        by=desk.lena,
        fields={"title": "New", "requester": desk.eve, "service": desk.erp},
    )
    client = signed_in(desk.lena)
    html = client.get(f"/{record.number}/moves/resolve").content.decode()
    assert '<optgroup label="Hardware">' in html and 'value="hardware.printer"' in html
    told = {"resolution": "Done.", "category": "hardware.printer", "close_code": "fixed"}
    client.post(f"/{record.number}/moves/resolve", told)
    client.post(f"/{record.number}/time", {"minutes": "75"})
    client.post(f"/{record.number}/priority", {"priority": "1", "reason": "The board waits."})
    html = client.get(f"/{record.number}").content.decode()
    for words in ("Hardware › Printer or scanner", "Repaired", "1 h 15 min", "The board waits."):
        assert words in html
    assert record.number in client.get("/queue?view=any&priority=off").content.decode()
