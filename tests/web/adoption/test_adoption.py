"""Pages of adoption: a practice that is not adopted is nowhere, and small-team mode is open."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.parties.actions import disable_person
from brigade.kernel.recipes.deciding import decline
from brigade.kernel.recipes.queries import adoption_of
from brigade.kernel.recipes.small_team import approve_alone
from tests.cast import Cast

pytestmark = pytest.mark.django_db
GONE = ("/figures/incidents", "/new/incident", "/help/report")


def test_what_is_not_adopted_is_nowhere_but_in_the_statement(signed_in: Any, desk: Cast) -> None:
    sam, eve = signed_in(desk.sam), signed_in(desk.eve)
    assert [
        client.get(path).status_code for client, path in zip((sam, sam, eve), GONE, strict=True)
    ] == [200] * 3
    decline("incident", by=desk.ada, rationale="Our provider does it.")
    assert [
        client.get(path).status_code for client, path in zip((sam, sam, eve), GONE, strict=True)
    ] == [404] * 3
    menu = sam.get("/queue").content.decode()
    assert "/figures/incidents" not in menu and "/new/incident" not in menu
    assert "New incident" not in sam.get("/palette?q=incident").content.decode()
    assert "/help/report" not in eve.get("/help").content.decode()
    assert sam.get("/api/v1/recipes").json()["items"] == []
    assert sam.get("/api/v1/recipes/incident").status_code == 404
    assert sam.get("/api/v1/measures").json()["items"] == []
    told = {one["key"]: one for one in sam.get("/api/v1/adoption").json()["items"]}
    assert (told["incident"]["state"], told["incident"]["reason"]) == (
        "declined",
        "Our provider does it.",
    )
    assert "Our provider does it." in sam.get("/adoption?by=iso20000_1").content.decode()


def test_a_practice_without_a_recipe_is_planned_on_its_page(signed_in: Any, desk: Cast) -> None:
    petra = signed_in(desk.petra)
    form = {"state": "planned", "level": "1", "rationale": "Next year.", "review_on": "2027-01-31"}
    no = petra.post("/recipes/problem/adoption", form)
    assert no.status_code == 422 and "accountable for Problem management" in no.content.decode()
    form |= {"owner": str(desk.chris.pk), "target_level": "2"}
    assert petra.post("/recipes/problem/adoption", form).status_code == 302
    planned = adoption_of("problem")
    assert planned is not None and (planned.owner, planned.target_level) == (desk.chris, 2)
    page = petra.get("/adoption").content.decode()
    assert "Next year." in page and "aims at 2" in page and "2027-01-31" in page


def test_parts_are_called_by_their_names(signed_in: Any, desk: Cast) -> None:
    """A recipe says what each part is called; its key is for programs."""
    petra = signed_in(desk.petra)
    form = petra.get("/recipes/incident/adoption").content.decode()
    assert "Priority by impact and urgency" in form and ">Prioritise<" not in form
    sent = {"state": "adopted", "level": "1", "owner": desk.petra.pk, "facets_on": ["clocks"],
            "rationale": "We promise times."}  # fmt: skip
    no = petra.post("/recipes/incident/adoption", sent).content.decode()
    assert "“Targets and clocks” needs “Priority by impact and urgency”" in no
    sent["facets_on"] = ["classify"]
    assert petra.post("/recipes/incident/adoption", sent).status_code == 302
    assert "and also: Categories, services, and how" in petra.get("/adoption").content.decode()
    told = {one["key"]: one for one in petra.get("/api/v1/adoption").json()["items"]}
    taken = {part["key"]: part["taken"] for part in told["incident"]["parts"]}
    assert taken == {"core": True, "classify": True, "prioritise": False, "clocks": False}
    assert told["problem"]["parts"] == []


def test_small_team_mode_is_chosen_in_the_open(signed_in: Any, desk: Cast) -> None:
    ada = signed_in(desk.ada)
    form = {"rules": ["S8"], "head": desk.lena.pk, "reason": "Seven of us."}
    no = ada.post("/adoption/small-team", form)
    assert no.status_code == 409 and "13 people work here" in no.content.decode()
    for person in (desk.nora, desk.tom, desk.olga, desk.chris, desk.vera, desk.paul, desk.fred):
        disable_person(person, by=desk.ada)
    assert ada.post("/adoption/small-team", form).status_code == 302
    approve_alone("S8", by=desk.ada, reason="Petra is ill.", subject="recipe_draft", subject_id=1,
                  title="Incident management 2.0.0+1")  # fmt: skip
    page = signed_in(desk.sam).get("/adoption/small-team").content.decode()
    for words in ("Seven of us.", "Ada Admin", "Lena Lead", "Petra is ill.", "S8: recipes"):
        assert words in page
    assert "<form class" not in page
    assert "S8 are relaxed" in signed_in(desk.sam).get("/adoption").content.decode()
    told = ada.get("/api/v1/adoption/small-team").json()
    assert (told["rules"], told["holds"], told["uses"][0]["reason"]) == (
        ["S8"],
        True,
        "Petra is ill.",
    )
