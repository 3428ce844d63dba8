"""Tailor, then upgrade: five paths of incident management are ours, the library changes seven.

Six of the library's merge, one is in conflict and stays as we have it. Replayed over
90 days, a field that is newly needed would have stopped 37 of 2,140 records; a default
mends that. The owner approves, an administrator publishes, 58 of the 64 records under
way come along and 6 end on their version. Then it is rolled back.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.instants import at_instant, now
from brigade.kernel.parties.acting import acting
from brigade.kernel.recipes.actions import publish_version
from brigade.kernel.recipes.drafts import change_draft, open_draft
from brigade.kernel.recipes.models import Adoption
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.publishing import approve_draft, publish_draft, submit_draft
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import Record
from brigade.kernel.work.simulation.simulating import simulate
from tests.cast import Cast
from tests.kernel.recipes.library_versions import OVERLAY, STORE, library_text, merged, upgrade
from tests.kernel.work.many import Life, pour

pytestmark = pytest.mark.django_db
NOW = now()
BEGAN = NOW - timedelta(days=80)
START = (10, "moved", "start", {"state": ["new", "active"]})
WAIT = (20, "moved", "wait", {"state": ["active", "waiting"],
                              "waiting_reason": [None, "requester"]})  # fmt: skip
RESUME = (90, "moved", "resume", {"state": ["waiting", "active"]})
ENDED = {
    "resolution": [None, "Restarted"],
    "category": ["", "other"],
    "close_code": [None, "fixed"],
}
RESOLVE = (120, "moved", "resolve", {"state": ["active", "resolved"], **ENDED})
CONFIRM = (180, "moved", "confirm", {"state": ["resolved", "closed"]})


@pytest.fixture
def house(desk: Cast) -> Cast:
    """Incident management 3.0.0 at level 2, Petra's, with 2,140 records of the last 90 days."""
    standard_calendars(by=desk.operator)
    with at_instant(BEGAN - timedelta(days=1)):
        version = publish_version("incident", by=desk.operator, level=2, text=library_text("3.0.0"))
        with acting(desk.operator):
            Adoption.objects.filter(key="incident").update(
                version=version, level=2, owner=desk.petra, provisional=False
            )
    values = {"requester": desk.eve.pk, "customer": desk.finance.pk, "service": desk.erp.pk,
              "team": desk.service_desk.pk, "impact": 3, "urgency": 2, "priority": 4}  # fmt: skip
    lives = [
        (2045, BEGAN, [START, RESOLVE, CONFIRM]),
        (31, BEGAN, [START, WAIT, RESUME, RESOLVE, CONFIRM]),
        (6, NOW - timedelta(days=2), [START, WAIT]),
        (20, NOW - timedelta(days=2), []),
        (38, NOW - timedelta(days=2), [START]),
    ]
    pour("incident", version.pk, [
        Life(number, opened, values, steps, actor=desk.sam.pk) for number, opened, steps in lives
    ])  # fmt: skip
    return desk


def client(person: Any) -> Client:
    made = Client()
    made.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return made


def api(person: Any, path: str, **body: Any) -> Any:
    answer = client(person).post(f"/api/v1/recipes/incident/{path}", json.dumps(body).encode(),
                                 "application/json")  # fmt: skip
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def running(person: Any) -> dict[str, Any]:
    """The records under way, by version; which one runs, and what is archived."""
    answer = client(person).get("/api/v1/recipes/incident/versions").json()["items"]
    return {"now": next(one["version"] for one in answer if one["runs_here"]),
            "counts": {one["version"]: one["running"] for one in answer if one["running"]},
            "archived": [one["version"] for one in answer if one["archived"]]}  # fmt: skip


def test_tailored_upgraded_published_and_rolled_back(house: Cast) -> None:
    petra, ada = house.petra, house.ada
    assert len(OVERLAY) == 5
    cards = Counter(card.kind for card in upgrade().cards)
    assert (cards["taken"], cards["conflict"]) == (6, 1)

    draft = open_draft(
        "incident", by=petra, overlay=merged("retain"), text=library_text("3.1.0"),
        reason="The library has moved on",
    )  # fmt: skip
    found = api(petra, "simulation", days=90)
    assert (found["records"], found["blocked"], found["whole"]) == (2140, 37, True)
    assert round(100 * found["blocked"] / found["records"], 1) == 1.7
    assert found["reasons"] == {"missing_field": 37}
    assert {one["field"] for one in found["blocks"]} == {"store_no"}

    default = Operation("add", f"{STORE}.default", "head office", "37 of 2,140 had none", "")
    draft = change_draft(draft.pk, by=petra, put=[default])
    page = client(petra).get("/recipes/incident/simulation?days=90").content.decode()
    assert "0 of 2,140 records (0.0 %)" in page

    submit_draft(draft.pk, by=petra)
    approve_draft(draft.pk, by=petra, statement="Shops are told apart at last.")
    publish_draft(draft.pk, by=ada, replay=simulate("incident", by=ada))
    assert running(ada) == {"now": "3.1.0+1", "counts": {"3.0.0": 64}, "archived": ["2.0.0"]}

    come_along(house)
    rolled_back(house)


def come_along(house: Cast) -> None:
    """Those that fit come along, after a look at who would stay and why."""
    petra = house.petra
    plan = api(petra, "migration/plan")
    assert (plan["running"], plan["moving"], plan["pinned"]) == (64, 58, 6)
    assert plan["reasons"] == {"missing_field": 6}
    stay = plan["lines"][:6]
    assert {(one["state"], tuple(one["fields"])) for one in stay} == {("waiting", ("store_no",))}
    page = client(petra).get("/recipes/incident/running").content.decode()
    assert "58 can come along." in page and "6 stay pinned." in page
    moved = client(petra).post("/recipes/incident/running", {"do": "migrate", "way": "safe"})
    assert moved.status_code == 302
    assert running(petra)["counts"] == {"3.1.0+1": 58, "3.0.0": 6}


def rolled_back(house: Cast) -> None:
    """One click brings back what ran before; nothing is lost on the way there and back."""
    petra, ada = house.petra, house.ada
    back = client(ada).post("/recipes/incident/running", {"do": "roll_back"})
    assert back.status_code == 302
    after = running(ada)
    assert (after["now"], after["counts"]) == ("3.0.0+1", {"3.1.0+1": 58, "3.0.0": 6})
    assert api(petra, "migration")["moving"] == 64
    assert set(running(ada)["archived"]) == {"3.1.0+1", "3.0.0", "2.0.0"}
    assert Record.objects.filter(journal__kind="migrated").distinct().count() == 64
    assert verify().holds
