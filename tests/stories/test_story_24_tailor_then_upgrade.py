"""Tailor, then upgrade: five paths of incident management are ours, the library changes seven.

Six of the library's merge, one is in conflict and stays as we have it. Replayed over
90 days, a field that is newly needed would have stopped 37 of 2,140 records; a default
mends that. The owner approves, an administrator publishes, 58 of the 64 records under
way come along and 6 end on their version. Then it is rolled back. Every step is taken on
a page or through the API, and every figure read on both.
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
from brigade.kernel.recipes import library
from brigade.kernel.recipes.actions import publish_version
from brigade.kernel.recipes.models import Adoption
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import Record
from tests.cast import Cast
from tests.kernel.recipes.library_versions import (
    AUTOCLOSE,
    OVERLAY,
    STORE,
    library_text,
    library_version,
    merged,
)
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
def house(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Incident 3.0.0 at level 2, Petra's, with 2,140 records of the last 90 days; five paths ours.

    The library has 3.1.0.
    """
    standard_calendars(by=desk.operator)
    with at_instant(BEGAN - timedelta(days=1)):
        version = publish_version("incident", by=desk.operator, level=2, text=library_text("3.0.0"))
    ours = publish_version(
        "incident", by=desk.operator, level=2, text=library_text("3.0.0"), overlay=OVERLAY
    )
    with acting(desk.operator):
        Adoption.objects.filter(key="incident").update(
            version=ours, level=2, owner=desk.petra, provisional=False
        )
    newest = {**library.installed(), "incident": library_version("3.1.0")}
    monkeypatch.setattr(library, "installed", lambda: newest)
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


def api(person: Any, path: str, method: str = "POST", **body: Any) -> Any:
    answer = client(person).generic(method, f"/api/v1/recipes/incident/{path}",
                                    json.dumps(body).encode(), "application/json")  # fmt: skip
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def running(person: Any) -> dict[str, Any]:
    """The records under way, by version; which one runs, and what is archived."""
    answer = client(person).get("/api/v1/recipes/incident/versions").json()["items"]
    return {"now": next(one["version"] for one in answer if one["runs_here"]),
            "counts": {one["version"]: one["running"] for one in answer if one["running"]},
            "archived": [one["version"] for one in answer if one["archived"]]}  # fmt: skip


def read(person: Any, path: str) -> str:
    answer = client(person).get(f"/recipes/incident{path}")
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def send(person: Any, path: str, **form: str) -> None:
    """Send a form of a page; it leads on."""
    answer = client(person).post(f"/recipes/incident/{path}", form)
    assert answer.status_code == 302, answer.content


def test_tailored_upgraded_published_and_rolled_back(house: Cast) -> None:
    petra, ada = house.petra, house.ada
    upgraded(petra)

    found = api(petra, "simulation", days=90)
    assert (found["records"], found["blocked"], found["whole"]) == (2140, 37, True)
    assert found["reasons"] == {"missing_field": 37}
    assert {one["field"] for one in found["blocks"]} == {"store_no"}
    assert "37 of 2,140 records (1.7 %)" in read(petra, "/simulation?days=90")

    why = "37 of 2,140 had none"
    default = {"add": f"{STORE}.default", "to": "head office", "why": why}
    api(petra, "draft", "PATCH", put=[default])
    assert "0 of 2,140 records (0.0 %)" in read(petra, "/simulation?days=90")

    api(petra, "draft/submit")
    send(petra, "draft", do="approve", statement="Shops are told apart at last.")
    done = api(ada, "draft/publish")
    assert (done["state"], done["version"]) == ("published", "3.1.0+1")
    assert running(ada) == {
        "now": "3.1.0+1", "counts": {"3.0.0": 64}, "archived": ["3.0.0+1", "2.0.0"],
    }  # fmt: skip

    come_along(house)
    rolled_back(house)


def upgraded(petra: Any) -> None:
    """Five paths ours, seven the library's: six taken, one asked and retained."""
    offer = api(petra, "upgrade", "GET")
    assert (offer["old"], offer["new"], len(OVERLAY)) == ("3.0.0", "3.1.0", 5)
    kinds = Counter(card["kind"] for card in offer["cards"])
    assert (kinds["taken"], kinds["conflict"]) == (6, 1)
    assert offer["unanswered"] == [AUTOCLOSE]
    plan = api(petra, "upgrade/plan", answers={AUTOCLOSE: {"choice": "retain"}})
    assert plan["overlay"] == [each.as_dict() for each in merged("retain")]

    assert "The library has version 3.1.0." in read(petra, "?part=flow")
    page = read(petra, "/upgrade")
    assert "From 3.0.0 to 3.1.0 of the library." in page
    assert "It changes 7 paths. 6 of them are taken as they are. 1 question is open." in page
    assert f"<dd>{AUTOCLOSE}" in page and "Customers answer fast" in page
    send(petra, "upgrade", **{"path-0": AUTOCLOSE, "choice-0": "retain"})
    draft = api(petra, "draft", "GET")
    assert draft["overlay"] == plan["overlay"]
    assert "This upgrade is in a draft." in read(petra, "/upgrade")


def come_along(house: Cast) -> None:
    """Those that fit come along, after a look at who would stay and why."""
    petra = house.petra
    plan = api(petra, "migration/plan")
    assert (plan["running"], plan["moving"], plan["pinned"]) == (64, 58, 6)
    assert plan["reasons"] == {"missing_field": 6}
    stay = plan["lines"][:6]
    assert {(one["state"], tuple(one["fields"])) for one in stay} == {("waiting", ("store_no",))}
    page = read(petra, "/running")
    assert "58 can come along." in page and "6 stay pinned." in page
    send(petra, "running", do="migrate", way="safe")
    assert running(petra)["counts"] == {"3.1.0+1": 58, "3.0.0": 6}


def rolled_back(house: Cast) -> None:
    """One click brings back what ran before; nothing is lost on the way there and back."""
    petra, ada = house.petra, house.ada
    send(ada, "running", do="roll_back")
    after = running(ada)
    assert (after["now"], after["counts"]) == ("3.0.0+2", {"3.1.0+1": 58, "3.0.0": 6})
    back = api(petra, "migration")
    assert (back["moving"], back["pinned"], back["reasons"]) == (58, 6, {"missing_field": 6})
    assert running(ada)["counts"] == {"3.0.0+2": 58, "3.0.0": 6}
    assert set(running(ada)["archived"]) == {"3.1.0+1", "3.0.0+1", "2.0.0"}
    assert Record.objects.filter(journal__kind="migrated").distinct().count() == 58
    again = api(ada, "rollback")["items"]
    assert next(one["version"] for one in again if one["runs_here"]) == "3.1.0+2"
    assert verify().holds
