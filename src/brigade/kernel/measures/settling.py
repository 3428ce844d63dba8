"""When a period's value may be trusted: after its end, once late work has been written down."""

from __future__ import annotations

from datetime import datetime, timedelta

from brigade.kernel.calendars.business_time import Calendar as BusinessTime
from brigade.kernel.calendars.first import OFFICE_KEY
from brigade.kernel.calendars.queries import business_time_of, current_version
from brigade.kernel.measures.periods import Period, midnight
from brigade.kernel.measures.reading import Definition
from brigade.kernel.refused import Hidden

REVIEW = "5wd"
"""What a definition without a `settle` of its own is given."""
PROVISIONAL, SETTLED, FROZEN, RESTATED = "provisional", "settled", "frozen", "restated"


def settles_at(definition: Definition, period: Period) -> datetime:
    """Return from when on a period's value is final: days of the zone, or working days."""
    said = definition.measure.formula.settle or REVIEW
    if said.endswith("wd"):
        return _after_working_days(period, int(said[:-2]))
    return midnight(period.beyond + timedelta(days=int(said[:-1])), period.zone)


def _after_working_days(period: Period, wanted: int) -> datetime:
    time, day = _office(), period.beyond
    for _more in range(366):
        start, end = midnight(day, period.zone), midnight(day + timedelta(days=1), period.zone)
        works = time.openings(start, end) if time else day.weekday() < 5
        wanted -= 1 if works else 0
        day += timedelta(days=1)
        if not wanted:
            break
    return midnight(day, period.zone)


def _office() -> BusinessTime | None:
    """Return office hours; None before the setup made them: then weekdays are working days."""
    try:
        return business_time_of(current_version(OFFICE_KEY))
    except Hidden:
        return None
