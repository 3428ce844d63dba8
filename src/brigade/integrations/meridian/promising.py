"""What Meridian promises: its calendar, its targets, and incident management at level 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.calendars.actions import add_calendar, change_calendar
from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.calendars.models import Calendar
from brigade.kernel.clocks.actions import Wish, add_target
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.models import Adoption

if TYPE_CHECKING:
    from brigade.integrations.meridian.building import Company
    from brigade.kernel.parties.models import Person

SOURCE = "Meridian"
CALENDAR = "meridian-desk"
HOURS = {"weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-18:00")}
HOUR = 3600
RESPOND = {1: HOUR // 2, 2: HOUR, 3: 4 * HOUR, 4: 8 * HOUR, 5: 16 * HOUR}
RESTORE = {1: 8 * HOUR, 2: 20 * HOUR, 3: 30 * HOUR, 4: 60 * HOUR, 5: 100 * HOUR}
"""Open seconds promised, by priority; a day of the desk has ten hours."""
TEAM = 40 * HOUR


def promise(root: Person, company: Company) -> None:
    """Make the calendar and the targets, and adopt level 2, as of the present instant."""
    standard_calendars(by=root)
    desk = _calendar(root)
    for words, key, promised in (
        ("Respond to priority %d", "incident.respond", RESPOND),
        ("Restore priority %d", "incident.restore", RESTORE),
    ):
        for priority, seconds in promised.items():
            _target(root, desk, key, words % priority, seconds, {"priority": [priority]})
    _target(root, desk, "ola.team", "Every team has four days", TEAM, {})
    owner = company.people[company.agents["desk"][0]]
    why = _("A shared desk with agreed targets. Example data.")
    adopt("incident", by=root, level=2, owner=owner, rationale=why, waiver=why)


def _calendar(root: Person) -> Calendar:
    """Return the desk's hours: they are made once, for no calendar is ever deleted."""
    there = Calendar.objects.filter(key=CALENDAR).first()
    if there is not None:
        return change_calendar(there, by=root, is_active=True)
    hours = from_content("Europe/London", HOURS)
    return add_calendar(name="Meridian service desk", key=CALENDAR, hours=hours, by=root)


def _target(
    root: Person, desk: Calendar, key: str, name: str, seconds: int, fits: dict[str, list[int]]
) -> None:
    wish = Wish(name=name, seconds=seconds, calendar=desk, conditions=fits, source=SOURCE)
    add_target(key, "incident", by=root, **wish)


def take_back(by: Person) -> None:
    """Promise nothing of it any more: what real work holds to stays, but ends now.

    An adoption that one of Meridian's people answers for becomes provisional again.
    """
    mine = Adoption.objects.filter(
        owner__email__endswith=".meridian.example", key="incident", state="adopted"
    )
    if mine.exists():
        adopt("incident", by=by, level=1, provisional=True)
