"""The pages of targets: what is promised, how a form words it, and what that would move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from brigade.kernel.calendars.models import Calendar
from brigade.kernel.clocks.models import Clock, Target
from brigade.kernel.clocks.notation import read_open_time, write_open_time
from brigade.kernel.instants import at_instant
from brigade.kernel.refused import Invalid
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.recounting import hold_to_targets
from tests.cast import Cast
from tests.kernel.clocks.conftest import timed
from tests.web.work.conftest import signed_in

__all__ = ["signed_in", "timed"]
SignIn = Callable[[Any], Client]
NINE = datetime(2026, 3, 26, 9, tzinfo=UTC)


def filled(**more: Any) -> dict[str, Any]:
    london = Calendar.objects.get(key="london")
    plain = {"name": "Restore, high", "time": "2h 30m", "calendar": london.pk}
    return plain | {"warn_percent": "80", "priority": ["2"]} | more


def restore() -> Target:
    return Target.objects.get(key="incident.restore", conditions={"priority": [2]}, valid_to=None)


@pytest.mark.parametrize(
    ("text", "seconds"), [("4h", 14400), ("30m", 1800), (" 1h 30 min ", 5400), ("90m", 5400)]
)
def test_open_time_is_read_as_people_write_it(text: str, seconds: int) -> None:
    assert read_open_time(text, "time") == seconds
    assert read_open_time(write_open_time(seconds), "time") == seconds


@pytest.mark.parametrize("text", ["", "2d", "h", "4", "-4h", "4h30s", "1000000h"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_open_time(text, "time")


def test_what_is_promised_is_read_by_those_who_work_here(timed: Cast, signed_in: SignIn) -> None:
    text = signed_in(timed.sam).get("/targets").content.decode()
    assert "incident.restore 2" in text and "8h" in text and "Priority 2" in text
    assert "ola.team" in text, "a clock of the recipe without a target is named"
    assert "/targets/new" not in text
    assert "/targets/new" in signed_in(timed.petra).get("/targets").content.decode()
    assert signed_in(timed.eve).get("/targets").status_code == 403


def test_a_target_is_added_changed_and_ended(timed: Cast, signed_in: SignIn) -> None:
    client = signed_in(timed.petra)
    teams = [timed.service_desk.pk]
    answer = client.post(
        "/targets/new", filled(key="ola.team", team=teams, priority=[], impact=["1", "2"])
    )
    made = Target.objects.get(key="ola.team")
    assert answer.url == f"/targets/{made.series}"
    assert made.conditions == {"impact": [1, 2], "team": teams}
    assert (made.seconds, made.warn_percent, made.kind) == (9000, 80, "incident")
    page = f"/targets/{made.series}"
    assert client.post(f"{page}/change", filled(time="", service=timed.erp.pk)).status_code == 302
    text = client.get(page).content.decode()
    assert "measures only" in text and "2h 30m" in text and timed.erp.name in text
    assert client.post(f"{page}/end").status_code == 302
    assert "promised no longer" in client.get(page).content.decode()
    assert client.post(f"{page}/end").status_code == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"time": "soon"}, "time"), ({"calendar": ""}, "calendar"), ({"name": " "}, "name"),
     ({"warn_percent": "0"}, "warn_percent"), ({"customer": "999999"}, "customer")],
)  # fmt: skip
def test_a_form_that_is_wrong_comes_back(
    timed: Cast, signed_in: SignIn, wrong: dict[str, str], field: str
) -> None:
    target = restore()
    answer = signed_in(timed.petra).post(f"/targets/{target.series}/change", filled(**wrong))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()
    assert restore().pk == target.pk


def test_one_sees_what_would_move_before_it_moves(timed: Cast, signed_in: SignIn) -> None:
    with at_instant(NINE):
        fields = {"title": "Ledger", "requester": timed.eve, "impact": 2, "urgency": 1,
                  "service": timed.erp}  # fmt: skip
        record = open_record("incident", by=timed.lena, fields=fields)
        hold_to_targets()
    with at_instant(NINE + timedelta(hours=3)):
        client, target = signed_in(timed.petra), restore()
        form = f"/targets/{target.series}/change"
        text = client.post(form, filled(preview="1")).content.decode()
        assert "1 record would move." in text and "1 of them would be over time at once." in text
        assert restore().pk == target.pk
        client.post(form, filled())
        hold_to_targets()
    clock = Clock.objects.get(record=record, name="restore")
    assert clock.due_at == NINE + timedelta(hours=2, minutes=30)
    assert (clock.counted, clock.target_id) == (3 * 3600, restore().pk)


def test_a_program_does_the_same(timed: Cast, signed_in: SignIn) -> None:
    target = restore()
    client, at = signed_in(timed.petra), f"/api/v1/targets/{target.series}"
    tried = client.post(f"{at}/trial", {"seconds": 60}, content_type="application/json")
    assert tried.status_code == 200 and tried.json()["whole"] is True
    changed = client.patch(at, {"seconds": 60}, content_type="application/json").json()
    assert (changed["seconds"], len(changed["wordings"])) == (60, 2)
    assert client.get("/api/v1/targets").json()["items"]
    assert client.post(f"{at}/end", {}, content_type="application/json").json()["valid_to"]
    body = {"key": "incident.restore", "name": "All", "seconds": 3600, "calendar": "london"}
    assert client.post("/api/v1/targets", body, content_type="application/json").status_code == 201
