"""Calendars through the API: the same rights and the same refusals as on the pages."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.calendars.first import standard_calendars
from tests.api.conftest import Program
from tests.cast import Cast

HOURS = {
    "zone": "Europe/London",
    "weekly": {"mon": "08:00-18:00"},
    "holidays": {"12-25": "Christmas Day"},
    "exceptions": {"2026-12-24": {"hours": "08:00-12:00", "name": "Christmas Eve"}},
}


def test_calendars_are_added_read_and_changed(cast: Cast) -> None:
    standard_calendars(by=cast.operator)
    ada, sam = Program(cast.ada), Program(cast.sam)
    made = ada.post("/calendars", {"name": "ERP hours", "hours": HOURS})
    assert made.status_code == 201, made.content
    assert made.json()["key"] == "erp-hours"
    assert [one["key"] for one in sam.get("/calendars").json()["items"]] == ["always", "erp-hours"]
    seen = sam.get("/calendars/erp-hours").json()
    (version,) = seen["versions"]
    assert {key: version[key] for key in HOURS} == HOURS
    assert (version["number"], version["valid_from"]) == (1, None)
    change = {
        "hours": {**HOURS, "weekly": {"tue": "22:00-06:00"}},
        "valid_from": "2026-12-01T00:00:00Z",
        "reason": "Nights",
        "version": 1,
    }
    changed = ada.patch("/calendars/erp-hours", change)
    assert changed.status_code == 200, changed.content
    assert [one["number"] for one in changed.json()["versions"]] == [2, 1]
    assert ada.patch("/calendars/erp-hours", change).status_code == 409
    assert ada.patch("/calendars/erp-hours", {"is_active": False}).json()["is_active"] is False


def test_who_may(cast: Cast) -> None:
    standard_calendars(by=cast.operator)
    body = {"name": "Mine", "hours": HOURS}
    assert Program(cast.sam).post("/calendars", body).status_code == 403
    assert Program(cast.eve).get("/calendars").json() == {"items": []}
    assert Program(cast.eve).get("/calendars/always").status_code == 404
    assert Program(cast.ada).patch("/calendars/always", {"name": "x"}).status_code == 409


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"weekly": {"mon": "nine"}}, "weekly_mon"),
        ({"weekly": {}, "exceptions": {}}, "weekly_mon"),
        ({"holidays": {"2026-02-30": ""}}, "holidays"),
        ({"exceptions": {"soon": {}}}, "exceptions"),
    ],
)
def test_what_is_refused(cast: Cast, hours: dict[str, Any], field: str) -> None:
    no = Program(cast.ada).post("/calendars", {"name": "Mine", "hours": HOURS | hours})
    assert (no.status_code, no.json()["field"]) == (422, field)
