"""Adding, changing and retiring calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.calendars import access, business_time, rules, writes
from brigade.kernel.calendars.business_time import ORIGIN
from brigade.kernel.calendars.hours import Hours, to_content
from brigade.kernel.calendars.models import Calendar, CalendarVersion
from brigade.kernel.calendars.queries import business_time_of, hours_of, periods_of, versions_of
from brigade.kernel.parties import rules as words
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person
from brigade.kernel.refused import Invalid, Stale

REACH = 10
"""Years ahead of the present one that are compiled to rows."""


class CalendarFacts(TypedDict, total=False):
    """What may be said about a calendar; a key left out stays as it is."""

    name: str
    kind: str
    hours: Hours
    is_active: bool


@dataclass(frozen=True)
class Preview:
    """What open time is now and what it would be: whatever runs by it can be compared."""

    before: business_time.Calendar
    after: business_time.Calendar
    valid_from: datetime


def add_calendar(
    *,
    name: str,
    hours: Hours,
    by: Person,
    key: str = "",
    kind: str = "service_hours",
    os_user: str = "",
) -> Calendar:
    """Add a calendar whose hours hold as far back as anybody asks.

    `key` is made of the name where none is given, and never changes.
    """
    needed(access.may_change_calendars(by))
    tidy = words.text(name, "name")
    chosen = words.one_of(kind, rules.KINDS, "kind")
    free = rules.key(key, tidy)
    if Calendar.objects.filter(key=free).exists():
        sentence = _("There is a calendar of this name already.")
        raise Invalid("key_taken", sentence, "key" if key else "name")
    return make_calendar(free, tidy, chosen, hours, by=by, os_user=os_user)


def make_calendar(
    key: str, name: str, kind: str, hours: Hours, *, by: Person, os_user: str = ""
) -> Calendar:
    """Write a calendar and its first version; who may and what it is called is settled."""
    tidy = rules.hours(hours)
    with acting(by, os_user=os_user):
        calendar = Calendar.objects.create(key=key, name=name, kind=kind)
        _write_version(calendar, tidy, None, "", by)
        calendar.save()
    return calendar


def change_calendar(
    calendar: Calendar,
    *,
    by: Person,
    version: int | None = None,
    valid_from: datetime | None = None,
    reason: str = "",
    os_user: str = "",
    **facts: Unpack[CalendarFacts],
) -> Calendar:
    """Change a calendar, and return the fresh row.

    Other hours become a new version, which holds from `valid_from` (now, if
    left out; earlier to mend the past, later to announce) and leaves what was
    counted before. `version` is the one that was read; a newer one is `Stale`.
    """
    needed(access.may_change_calendars(by))
    with acting(by, os_user=os_user):
        fresh = _locked(calendar, version)
        if "name" in facts:
            fresh.name = words.text(facts["name"], "name")
        if "kind" in facts:
            fresh.kind = words.one_of(facts["kind"], rules.KINDS, "kind")
        if "is_active" in facts:
            fresh.is_active = facts["is_active"]
        if "hours" in facts:
            _change_hours(fresh, facts["hours"], valid_from, reason, by)
        fresh.version += 1
        fresh.save()
    return fresh


def _change_hours(
    calendar: Calendar, given: Hours, valid_from: datetime | None, reason: str, by: Person
) -> None:
    hours = rules.hours(given)
    since = rules.valid_from(valid_from or instants.now())
    why = words.text(reason, "reason", required=False)
    if calendar.current is None or hours != hours_of(calendar.current):
        _write_version(calendar, hours, since, why, by)


def preview_change(
    calendar: Calendar, hours: Hours, *, by: Person, valid_from: datetime | None = None
) -> Preview:
    """Return what `change_calendar` would make of open time, and write nothing."""
    needed(access.may_change_calendars(by))
    since = rules.valid_from(valid_from or instants.now())
    planned = _planned(calendar, rules.hours(hours), since)
    before = [version for version in reversed(versions_of(calendar))]
    return Preview(
        before=business_time.Calendar(periods_of(before)),
        after=business_time.Calendar(periods_of([*before, planned])),
        valid_from=since,
    )


def retire_calendar(
    calendar: Calendar, *, by: Person, version: int | None = None, os_user: str = ""
) -> Calendar:
    """Offer a calendar no longer where one is chosen; what runs by it goes on."""
    return change_calendar(calendar, by=by, version=version, os_user=os_user, is_active=False)


def reinstate_calendar(
    calendar: Calendar, *, by: Person, version: int | None = None, os_user: str = ""
) -> Calendar:
    """Offer a retired calendar again."""
    return change_calendar(calendar, by=by, version=version, os_user=os_user, is_active=True)


def extend_calendars(*, by: Person) -> int:
    """Compile the versions in use further ahead, and return how many were.

    Runs by the calendar; a version that reaches far enough is left alone.
    """
    needed(access.may_change_calendars(by))
    wanted = instants.now().year + REACH
    with acting(by):
        short = CalendarVersion.objects.select_for_update().filter(
            reaches__lt=wanted, pk__in=Calendar.objects.values("current_id")
        )
        for version in (found := list(short.order_by("id"))):
            made = business_time_of(version.pk).compiled(version.reaches, wanted)
            writes.put_openings(version.pk, made)
            CalendarVersion.objects.filter(pk=version.pk).update(reaches=wanted)
    return len(found)


def _locked(calendar: Calendar, read: int | None) -> Calendar:
    fresh = (
        Calendar.objects.select_for_update(of=("self",))
        .select_related("current")
        .get(pk=calendar.pk)
    )
    rules.changeable(fresh.kind)
    if read is not None and read != fresh.version:
        raise Stale("stale", _("Somebody has changed this since you opened it."))
    return fresh


def _planned(calendar: Calendar, hours: Hours, since: datetime | None) -> CalendarVersion:
    return CalendarVersion(
        calendar=calendar, zone=hours.zone, content=to_content(hours), valid_from=since
    )


def _write_version(
    calendar: Calendar, hours: Hours, since: datetime | None, reason: str, by: Person
) -> None:
    """Write a version and its openings, and make it the one in use; the row is not saved."""
    version = _planned(calendar, hours, since)
    version.number = calendar.current.number + 1 if calendar.current else 1
    version.reason = reason
    version.created_at = instants.now()
    version.created_by = by
    version.reaches = instants.now().year + REACH
    version.save(force_insert=True)
    calendar.current = version
    made = business_time_of(version.pk).compiled(ORIGIN, version.reaches)
    writes.put_openings(version.pk, made)
