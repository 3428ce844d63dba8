"""The list of calendars, and the page of one: the week, the year, a sum, its versions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from babel import dates
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brigade.kernel import instants
from brigade.kernel.calendars import access, actions
from brigade.kernel.calendars.business_time import NeverOpen
from brigade.kernel.calendars.queries import (
    business_time_of,
    calendar_for,
    calendars_visible_to,
    hours_of,
    versions_of,
)
from brigade.kernel.parties.access import needed
from brigade.kernel.refused import Refused
from brigade.web.calendars import year as shown
from brigade.web.parties import asking
from brigade.web.shell import times
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from datetime import tzinfo

    from brigade.kernel.calendars import business_time
    from brigade.kernel.calendars.models import Calendar

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_SUM = 10_000
"""Hours that the sum on the page takes at most."""


@login_required
@require_GET
def calendars(request: HttpRequest) -> HttpResponse:
    """List the calendars, those in use first, with whether each is open now."""
    me = reader(request)
    needed(access.may_read_calendars(me))
    rows = list(calendars_visible_to(me)[: asking.MOST_OPTIONS])
    context = {
        "rows": [(one, hours_in_short(one)) for one in rows],
        "may_change": access.may_change_calendars(me),
    }
    return page(request, "calendars/calendars.jinja", context)


def hours_in_short(one: Calendar) -> str:
    """Return the times of the first day of a week that opens, and how many days open."""
    spans = [day for day in hours_of(one.current).week if day] if one.current else []
    if not spans:
        return _("on some days only")
    if len(set(spans)) > 1:
        return _("differs by the day")
    return shown.in_words(spans[0])


@login_required
@require_GET
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """Show what is open when."""
    return _page(request, calendar_for(reader(request), key))


def _page(request: HttpRequest, one: Calendar, no: Refused | None = None) -> HttpResponse:
    me, versions = reader(request), versions_of(one)
    asked = asking.whole(request.GET.get("version", ""))
    version = next((each for each in versions if each.number == asked), versions[0])
    time = business_time_of(version.pk)
    now = instants.now()
    year = _year(request, now.astimezone(hours_of(version).tz).year)
    days, length = shown.open_days(time, year)
    context: dict[str, Any] = {
        "one": one,
        "version": version,
        "versions": versions,
        "week": shown.week(hours_of(version)),
        "months": shown.months(time, year),
        "weekdays": shown.weekday_names("narrow"),
        "specials": shown.specials(time, year),
        "year": year,
        "years": (max(FIRST_YEAR, year - 1), min(LAST_YEAR, year + 1)),
        "days": days,
        "length": round(length.total_seconds() / 3600),
        "is_open": time.is_open(now),
        "next": _next(time, now),
        "sum": _sum(request, time, hours_of(version).tz, now),
        "may_change": access.may_change_calendars(me) and one.kind != "always",
        "errors": asking.errors_of(no),
    }
    return page(request, "calendars/calendar.jinja", context, no.status if no else 200)


def _year(request: HttpRequest, present: int) -> int:
    asked = asking.whole(request.GET.get("year", ""))
    return asked if asked is not None and FIRST_YEAR <= asked <= LAST_YEAR else present


def _next(time: business_time.Calendar, now: datetime) -> datetime | None:
    """Return when it opens next, or closes if it is open; None where it never does."""
    try:
        if time.is_open(now):
            return time.add_open_seconds(now, _left(time, now))
        return time.next_opening(now)
    except NeverOpen:
        return None


def _left(time: business_time.Calendar, now: datetime) -> int:
    """Return the open seconds left until it closes; a calendar that never does has no such."""
    soon = datetime.fromtimestamp(now.timestamp() + 40 * 86400, now.tzinfo)
    begin, end = time.openings(now, soon)[0]
    if end == soon:
        raise NeverOpen
    return time.open_seconds(begin, end)


def _sum(
    request: HttpRequest, time: business_time.Calendar, zone: tzinfo, now: datetime
) -> dict[str, Any]:
    """Return the question that was asked of the page, and its answer or what is wrong with it."""
    start, amount = request.GET.get("start", ""), request.GET.get("hours", "")
    local = now.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    asked: dict[str, Any] = {"start": start or local, "hours": amount or "4", "due": None}
    if not amount:
        return asked
    try:
        hours = asking.whole(amount)
        if hours is None or not 0 < hours <= LONGEST_SUM:
            return asked | {"errors": {"hours": _("Give a whole number of hours.")}}
        begins = datetime.fromisoformat(start).replace(tzinfo=zone)
        due = time.add_open_seconds(begins, hours * 3600)
    except NeverOpen:
        return asked | {"errors": {"hours": _("There is not that much open time.")}}
    except (ValueError, OverflowError):
        return asked | {"errors": {"start": _("Give a day and a time.")}}
    local_due = due.astimezone(zone)
    words = {
        "day": dates.format_date(local_due, "full", locale=times.locale()),
        "time": local_due.strftime("%H:%M"),
    }
    return asked | {"due": _("%(day)s, %(time)s") % words}


@login_required
@require_POST
def retirement(request: HttpRequest, key: str) -> HttpResponse:
    """Offer a calendar no longer."""
    return _posted(request, key, actions.retire_calendar, _("It is offered no longer."))


@login_required
@require_POST
def reinstatement(request: HttpRequest, key: str) -> HttpResponse:
    """Offer a calendar again."""
    return _posted(request, key, actions.reinstate_calendar, _("It is offered again."))


def _posted(request: HttpRequest, key: str, verb: Any, message: str) -> HttpResponse:
    one = calendar_for(reader(request), key)
    try:
        verb(one, by=reader(request), version=asking.whole(request.POST.get("version", "")))
    except Refused as no:
        return _page(request, one, no)
    return asking.done(request, message, "calendar", key)


urlpatterns = [
    path("calendars", calendars, name="calendars"),
    path("calendars/<slug:key>", calendar, name="calendar"),
    path("calendars/<slug:key>/retirement", retirement, name="calendar_retirement"),
    path("calendars/<slug:key>/reinstatement", reinstatement, name="calendar_reinstatement"),
]
