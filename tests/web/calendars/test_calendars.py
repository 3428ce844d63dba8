"""The pages of calendars: who sees and changes them, what they say, what a form refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brigade.kernel.calendars import actions
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.calendars.models import Calendar
from tests.cast import Cast
from tests.web.browser import faults

SignIn = Callable[[Any], Client]
FILLED = {
    "name": "Night desk",
    "kind": "support_hours",
    "zone": "Europe/Berlin",
    "weekly_mon": "22:00-06:00",
    "holidays": "12-25 Christmas Day",
    "exceptions": "2026-12-24 20:00-24:00 Christmas Eve",
}


def test_the_list_is_for_those_who_work_here(
    cast: Cast, erp_hours: Calendar, signed_in: SignIn
) -> None:
    for who in (cast.sam, cast.audrey, cast.petra, cast.ada, cast.bert):
        text = signed_in(who).get("/calendars").content.decode()
        assert "ERP hours" in text and "Always open" in text
        assert ("/calendars/new" in text) == (who is cast.ada)
    for who in (cast.eve, cast.carl):
        assert signed_in(who).get("/calendars").status_code == 403
        assert signed_in(who).get("/calendars/erp-hours").status_code == 404
    assert signed_in(cast.sam).get("/calendars/none").status_code == 404


def test_a_page_says_what_is_open_when(cast: Cast, erp_hours: Calendar, signed_in: SignIn) -> None:
    text = signed_in(cast.sam).get("/calendars/erp-hours?year=2026").content.decode()
    for words in (
        "08:00–12:00", "13:00–18:00", "22:00–06:00", "until 06:00", "a day of 25 h",
        "Christmas Eve", "Stocktaking",
        "Good Friday", "The clock changes", "a day of 23 h", "from the beginning",
    ):  # fmt: skip
        assert words in text, words
    assert "/change" not in text and "retirement" not in text
    assert (
        "Christmas Day" in signed_in(cast.sam).get("/calendars/erp-hours?year=x").content.decode()
    )


def test_the_page_counts(cast: Cast, erp_hours: Calendar, signed_in: SignIn) -> None:
    visit = signed_in(cast.sam)

    def counted(start: str, hours: str) -> str:
        return visit.get(f"/calendars/erp-hours?start={start}&hours={hours}").content.decode()

    assert "Tuesday, 24 November 2026, 12:30" in counted("2026-11-24T08:30", "4")
    assert "Give a day and a time." in counted("soon", "4")
    assert "Give a whole number" in counted("2026-11-24T08:30", "x")
    assert "Give a whole number" in counted("2026-11-24T08:30", "0")


def test_a_calendar_is_added(cast: Cast, erp_hours: Calendar, signed_in: SignIn) -> None:
    done = signed_in(cast.ada).post("/calendars/new", FILLED)
    assert done.status_code == 302 and done["Location"] == "/calendars/night-desk"
    made = Calendar.objects.get(key="night-desk")
    assert made.current is not None and made.current.content == {
        "weekly": {"mon": "22:00-06:00"},
        "holidays": {"12-25": "Christmas Day"},
        "exceptions": {"2026-12-24": {"hours": "20:00-24:00", "name": "Christmas Eve"}},
    }
    assert signed_in(cast.sam).get("/calendars/new").status_code == 403
    assert signed_in(cast.sam).post("/calendars/new", FILLED).status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", ""), ("zone", "Mars"), ("weekly_tue", "nine to five"), ("holidays", "Christmas"),
     ("exceptions", "12-24 08:00-12:00"), ("name", "ERP hours")],
)  # fmt: skip
def test_a_form_that_is_wrong_comes_back(
    cast: Cast, erp_hours: Calendar, signed_in: SignIn, name: str, value: str
) -> None:
    again = signed_in(cast.ada).post("/calendars/new", {**FILLED, name: value})
    assert again.status_code == 422
    text = again.content.decode()
    assert "<title>Error:" in text and "There is a problem" in text
    assert "22:00-06:00" in text and value in text, "what was typed is kept"


def test_other_hours_become_a_version(cast: Cast, erp_hours: Calendar, signed_in: SignIn) -> None:
    visit = signed_in(cast.ada)
    assert "2026-12-31 Stocktaking" in visit.get("/calendars/erp-hours/change").content.decode()
    facts = {**FILLED, "valid_from": "2026-12-01", "reason": "A shorter week", "version": "1"}
    assert visit.post("/calendars/erp-hours/change", facts).status_code == 302
    erp_hours.refresh_from_db()
    version = erp_hours.current
    assert version is not None and version.number == 2 and version.valid_from is not None
    assert version.valid_from.isoformat() == "2026-11-30T23:00:00+00:00", "midnight in Berlin"
    text = visit.get("/calendars/erp-hours").content.decode()
    assert "A shorter week" in text and "Version 1" in text
    assert "This is version 1." in visit.get("/calendars/erp-hours?version=1").content.decode()
    assert visit.post("/calendars/erp-hours/change", facts).status_code == 409
    for who, status in ((cast.sam, 403), (cast.eve, 404)):
        assert signed_in(who).post("/calendars/erp-hours/change", facts).status_code == status


def test_holidays_are_suggested(cast: Cast, erp_hours: Calendar, signed_in: SignIn) -> None:
    sent = {**FILLED, "country": "DE", "region": "BY", "suggest": "1"}
    text = signed_in(cast.ada).post("/calendars/new", sent).content.decode()
    assert "holidays are put in" in text and "Epiphany" in text
    assert text.count("Christmas Day") == 1 + 2, "the yearly one, and twice in the hint"
    assert not Calendar.objects.filter(key="night-desk").exists()
    none = signed_in(cast.ada).post("/calendars/new", {**sent, "country": "XX"})
    assert none.status_code == 422


def test_retired_and_taken_back(cast: Cast, erp_hours: Calendar, signed_in: SignIn) -> None:
    visit = signed_in(cast.ada)
    assert visit.post("/calendars/erp-hours/retirement", {"version": "1"}).status_code == 302
    assert "Take back" in visit.get("/calendars/erp-hours").content.decode()
    assert visit.post("/calendars/erp-hours/reinstatement", {"version": "2"}).status_code == 302
    assert visit.post("/calendars/erp-hours/retirement", {"version": "1"}).status_code == 409
    assert visit.post("/calendars/always/retirement").status_code == 409
    assert visit.get("/calendars/always/change").status_code == 409
    assert signed_in(cast.sam).post("/calendars/erp-hours/retirement").status_code == 403


def test_as_many_questions_for_many(
    cast: Cast, erp_hours: Calendar, signed_in: SignIn, django_db_blocker: Any
) -> None:
    from django.db import connection

    visit = signed_in(cast.sam)
    visit.get("/calendars")

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            visit.get("/calendars")
        return len(seen)

    few = asked()
    for number in range(8):
        hours = from_content("UTC", {"weekly": {"mon": "09:00-17:00"}})
        actions.add_calendar(name=f"No. {number}", hours=hours, by=cast.operator)
    assert asked() == few <= 12


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_everybody_can_read_it(visitor: Any, cast: Cast, erp_hours: Calendar) -> None:
    guest = visitor(cast.ada)
    assert faults(guest.look("/calendars/erp-hours?year=2026")) == []
    assert guest.problems == []
