"""A calendar with something of everything, and people at their pages."""

from __future__ import annotations

import pytest

from brigade.kernel.calendars import actions
from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.calendars.models import Calendar
from tests.cast import Cast
from tests.web.work.conftest import signed_in

__all__ = ["signed_in"]

CONTENT = {
    "weekly": {
        "mon": "08:00-12:00 13:00-18:00", "tue": "08:00-18:00", "wed": "08:00-18:00",
        "thu": "08:00-18:00", "fri": "22:00-06:00",
    },
    "holidays": {"12-25": "Christmas Day", "2026-04-03": "Good Friday"},
    "exceptions": {"2026-12-24": {"hours": "08:00-12:00", "name": "Christmas Eve"},
                   "2026-12-31": {"hours": "", "name": "Stocktaking"}},
}  # fmt: skip


@pytest.fixture
def erp_hours(cast: Cast) -> Calendar:
    standard_calendars(by=cast.operator)
    hours = from_content("Europe/Berlin", CONTENT)
    return actions.add_calendar(name="ERP hours", hours=hours, by=cast.ada)
