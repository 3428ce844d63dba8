"""Reads of calendars: the rows, scoped to who asks, and the time they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from brigade.kernel.calendars import access, business_time
from brigade.kernel.calendars.business_time import EVER, Period
from brigade.kernel.calendars.hours import Hours, from_content
from brigade.kernel.calendars.models import Calendar, CalendarVersion
from brigade.kernel.calendars.schedule import second
from brigade.kernel.prepared import run_prepared
from brigade.kernel.refused import Hidden

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from brigade.kernel.parties.models import Person


class Written(Protocol):
    """What a version says, as a row or not yet one."""

    zone: str
    content: dict[str, object]
    valid_from: datetime | None


def calendars_visible_to(person: Person) -> QuerySet[Calendar]:
    """Return the calendars `person` may see, by name: every one, or none."""
    rows = Calendar.objects.select_related("current").order_by("-is_active", "name", "id")
    return rows if access.may_read_calendars(person) else rows.none()


def calendar_for(person: Person, key: str) -> Calendar:
    """Return the calendar with this key; Hidden where there is none or it is not shown."""
    found = calendars_visible_to(person).filter(key=key).first() if "\0" not in key else None
    if found is None:
        raise Hidden("no_calendar", _("There is no such calendar, or it is not open to you."))
    return found


def versions_of(calendar: Calendar) -> list[CalendarVersion]:
    """Return the versions of a calendar, newest first, with who wrote them."""
    rows = calendar.versions.select_related("created_by").order_by("-number")
    return list(rows)


def current_version(key: str) -> int:
    """Return the id of the version in use of the calendar with this key. Unscoped; Hidden."""
    found = Calendar.objects.filter(key=key).values_list("current_id", flat=True).first()
    if found is None:
        raise Hidden("no_calendar", _("There is no such calendar, or it is not open to you."))
    return found


def hours_of(version: Written) -> Hours:
    """Return what is written down in a version."""
    return from_content(version.zone, version.content)


def periods_of(versions: Iterable[Written]) -> list[Period]:
    """Return which hours hold from when, of versions in the order of their numbers.

    A version takes the place of everything earlier numbers say about the time
    from its `valid_from` on, and leaves what they say about the time before.
    """
    periods: list[Period] = []
    for version in versions:
        begins = EVER if version.valid_from is None else second(version.valid_from)
        periods = [period for period in periods if period.begins < begins]
        periods.append(Period(begins, hours_of(version)))
    return periods


@lru_cache(maxsize=200)
def business_time_of(version_id: int) -> business_time.Calendar:
    """Return the time a version stands for, with all that held before it.

    A version never changes, so it is compiled once for each process. Raises
    CalendarVersion.DoesNotExist.
    """
    version = CalendarVersion.objects.get(pk=version_id)
    return business_time.Calendar(periods_of(versions_until(version)))


def versions_until(version: CalendarVersion) -> list[CalendarVersion]:
    """Return the versions of the same calendar up to this one, oldest first."""
    rows = CalendarVersion.objects.filter(calendar=version.calendar_id, number__lte=version.number)
    return list(rows.order_by("number"))


STANDARD = ("office-hours", "always")
"""Keys of the calendars that hold where nobody chose one, the first that is in use."""


def standard_version(kind: str = "") -> int | None:
    """Return the version in use of the installation's standard calendar, None before the setup.

    `kind` asks for one of that kind, the first by name, before the standard one. Unscoped.
    """
    found = run_prepared(_STANDARD, {"kind": kind, "keys": f"{{{','.join(STANDARD)}}}"})
    return found[0] if found else None


_STANDARD = """
SELECT c.current_id FROM calendars_calendar c
 WHERE c.is_active AND c.current_id IS NOT NULL
   AND (c.kind = %(kind)s::text OR c.key = ANY (%(keys)s::text[]))
 ORDER BY c.kind = %(kind)s::text DESC,
   CASE WHEN c.kind <> %(kind)s::text THEN array_position(%(keys)s::text[], c.key::text) END,
   c.name, c.id
 LIMIT 1
"""
