"""The calendars every installation begins with."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from brigade.kernel.calendars import access
from brigade.kernel.calendars.actions import make_calendar
from brigade.kernel.calendars.hours import ALWAYS, Hours, from_content
from brigade.kernel.calendars.models import Calendar
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.models import Installation, Person

ALWAYS_KEY: Final = "always"
OFFICE_KEY: Final = "office-hours"
NINE_TO_FIVE: Final = {"weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")}


def standard_calendars(*, by: Person, os_user: str = "") -> list[Calendar]:
    """Make the calendars that are not there yet, and return those made.

    One never closes. Office hours follow once the setup is answered: the hours
    given there, or nine to five on weekdays. Asked again, it changes nothing.
    """
    needed(access.may_change_calendars(by))
    present = set(Calendar.objects.values_list("key", flat=True))
    made = []
    if ALWAYS_KEY not in present:
        hours = Hours("UTC", ALWAYS)
        made.append(
            make_calendar(ALWAYS_KEY, _("Always open"), "always", hours, by=by, os_user=os_user)
        )
    here = Installation.objects.filter(pk=1).first()
    settled = here is not None and (here.hours or here.setup_done_at)
    if OFFICE_KEY not in present and here is not None and settled:
        hours = from_content(here.timezone, _content(here.hours))
        made.append(
            make_calendar(
                OFFICE_KEY, _("Office hours"), "service_hours", hours, by=by, os_user=os_user
            )
        )
    return made


def _content(answer: dict[str, Any] | None) -> dict[str, Any]:
    """Return the answer of the setup, lists of [from, to] for each day, as hours are stored."""
    if not answer:
        return NINE_TO_FIVE
    weekly = {
        day: " ".join(f"{begin}-{end}" for begin, end in spans) for day, spans in answer.items()
    }
    return {"weekly": weekly}
