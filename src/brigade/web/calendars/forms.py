"""The form of a calendar: hours, holidays with suggestions, exceptions, from when they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from babel import Locale
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from brigade.kernel import instants
from brigade.kernel.calendars import access, actions, rules
from brigade.kernel.calendars.hours import Exceptional, Hours
from brigade.kernel.calendars.notation import (
    DAYS,
    read_day,
    read_exceptions,
    read_holidays,
    read_times,
    write_times,
)
from brigade.kernel.calendars.queries import calendar_for, hours_of
from brigade.kernel.calendars.suggestions import countries, suggested_holidays
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.queries import installation
from brigade.kernel.parties.rules import timezone
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.work.recounting import Moves, moves_of
from brigade.web.calendars.year import weekday_names
from brigade.web.parties import asking
from brigade.web.shell import times
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.calendars.models import Calendar

AHEAD = 2
"""Years beside the present one whose holidays are suggested."""


@dataclass
class Form:
    """The form as it is filled in, every field as text."""

    name: str = ""
    kind: str = "service_hours"
    zone: str = "UTC"
    weekly: list[str] = field(default_factory=lambda: ["09:00-17:00"] * 5 + ["", ""])
    holidays: str = ""
    exceptions: str = ""
    valid_from: str = ""
    reason: str = ""
    country: str = ""
    region: str = ""
    version: str = ""

    @classmethod
    def of(cls, one: Calendar) -> Form:
        """Return the form filled in with a calendar as it is."""
        assert one.current is not None
        hours = hours_of(one.current)
        lines = [
            f"{day} {write_times(each.spans)} {each.name}".split()
            for day, each in hours.exceptions.items()
        ]
        return cls(
            name=one.name,
            kind=one.kind,
            zone=hours.zone,
            weekly=[write_times(spans) for spans in hours.week],
            holidays=_lines(hours.holidays),
            exceptions="\n".join(" ".join(line) for line in lines),
            version=str(one.version),
        )

    @classmethod
    def sent(cls, post: QueryDict) -> Form:
        """Return the form as it was sent."""
        plain = ("name", "kind", "holidays", "exceptions", "valid_from", "reason", "country",
                 "region", "version")  # fmt: skip
        return cls(
            **{name: post.get(name, "").strip() for name in plain},
            zone=(post.get("zone") or post.get("zone_text", "")).strip(),
            weekly=[post.get(f"weekly_{day}", "").strip() for day in DAYS],
        )

    def hours(self) -> Hours:
        """Return the hours; raises Invalid with the field at fault."""
        exceptions = read_exceptions(self.exceptions)
        return Hours(
            zone=timezone(self.zone, "zone"),
            week=tuple(
                read_times(text, f"weekly_{day}")
                for day, text in zip(DAYS, self.weekly, strict=True)
            ),
            holidays=read_holidays(self.holidays),
            exceptions={day: Exceptional(*one) for day, one in exceptions.items()},
        )

    def since(self) -> datetime | None:
        """Return the start of the day from which the hours hold, in their zone; None for now."""
        if not self.valid_from:
            return None
        day = date.fromisoformat(read_day(self.valid_from, "valid_from"))
        seconds = Hours(timezone(self.zone, "zone")).instant(day, 0)
        return datetime.fromtimestamp(seconds, UTC)

    def suggest(self) -> int:
        """Add the public holidays that are not listed yet, and return how many were."""
        listed = read_holidays(self.holidays)
        year = instants.now().year
        language = (translation.get_language() or "en")[:2]
        found = suggested_holidays(self.country, self.region, (year, year + AHEAD), language)
        if not found:
            raise Invalid(
                "no_holidays", _("No holidays are known for this country or region."), "country"
            )
        new = {day: name for day, name in found.items()
               if day not in listed and day[5:] not in listed}  # fmt: skip
        self.holidays = _lines(dict(sorted({**listed, **new}.items())))
        return len(new)


def _lines(holidays: Any) -> str:
    return "\n".join(f"{day} {name}".strip() for day, name in holidays.items())


@login_required
@require_http_methods(["GET", "POST"])
def calendar_new(request: HttpRequest) -> HttpResponse:
    """Ask for a new calendar, and add it."""
    me = reader(request)
    needed(access.may_change_calendars(me))
    if request.method == "GET":
        return _shown(request, Form(zone=installation().timezone))
    form = Form.sent(request.POST)
    try:
        if "suggest" in request.POST:
            return _shown(request, form, added=form.suggest())
        one = actions.add_calendar(name=form.name, kind=form.kind, hours=form.hours(), by=me)
    except Refused as no:
        return _shown(request, form, no=no)
    return asking.done(request, _("The calendar is added."), "calendar", one.key)


@login_required
@require_http_methods(["GET", "POST"])
def calendar_change(request: HttpRequest, key: str) -> HttpResponse:
    """Ask what is different about a calendar; other hours become a new version."""
    me = reader(request)
    one = calendar_for(me, key)
    needed(access.may_change_calendars(me))
    rules.changeable(one.kind)
    if request.method == "GET":
        return _shown(request, Form.of(one), one)
    form = Form.sent(request.POST)
    try:
        if "suggest" in request.POST:
            return _shown(request, form, one, added=form.suggest())
        change = partial(
            actions.change_calendar, one, name=form.name, kind=form.kind, hours=form.hours(),
            valid_from=form.since(), reason=form.reason, version=asking.whole(form.version), by=me,
        )  # fmt: skip
        if "preview" in request.POST:
            return _shown(request, form, one, moves=moves_of(change, by=me, calendars=[one.pk]))
        one = change()
    except Refused as no:
        return _shown(request, form, one, no)
    return asking.done(request, _("The calendar is changed."), "calendar", one.key)


def _shown(
    request: HttpRequest,
    form: Form,
    one: Calendar | None = None,
    no: Refused | None = None,
    added: int | None = None,
    moves: Moves | None = None,
) -> HttpResponse:
    names = zip(DAYS, weekday_names(), form.weekly, strict=True)
    context = {
        "one": one,
        "form": form,
        "weekdays": list(names),
        "kinds": [("service_hours", _("Service hours")), ("support_hours", _("Support hours")),
                  ("board", _("Meetings of a board"))],
        "countries": [("", _("Choose")), *_countries()],
        "regions": ", ".join(countries().get(form.country, [])),
        "moves": moves,
        "added": None if added is None else _added(added),
        "errors": asking.errors_of(no),
    }  # fmt: skip
    return page(request, "calendars/form.jinja", context, no.status if no else 200)


def _added(count: int) -> str:
    if not count:
        return _("Every holiday that is known stands there already.")
    return ngettext(
        "%(count)d holiday is put in. Look at it, then save.",
        "%(count)d holidays are put in. Look through them, then save.",
        count,
    ) % {"count": count}


def _countries() -> list[tuple[str, str]]:
    names = Locale.parse(times.locale()).territories
    return sorted(((code, names.get(code, code)) for code in countries()), key=lambda one: one[1])


urlpatterns = [
    path("calendars/new", calendar_new, name="calendar_new"),
    path("calendars/<slug:key>/change", calendar_change, name="calendar_change"),
]
