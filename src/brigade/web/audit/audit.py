"""The journal across everything: who changed what, newest first; the filters are the address."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brigade.kernel.records.audit.reading import (
    CONFIGURATION,
    RECORDS,
    AuditFilter,
    Place,
    audit_names,
    audit_page,
    readable_records,
    require_audit,
)
from brigade.kernel.refused import Invalid
from brigade.web.audit import words
from brigade.web.audit.labels import SUBJECTS
from brigade.web.operation.periods import midnight
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.pickers import person_named

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

SIZE = 40
"""Lines of a page: one change of configuration may name twenty fields."""
FILTERS = ("about", "subject", "who", "who_text", "from", "to")


@login_required
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Show the journal of records and configuration."""
    person = reader(request)
    require_audit(person)
    given = {name: request.GET.get(name, "").replace("\0", "").strip()[:200] for name in FILTERS}
    errors: dict[str, str] = {}
    wanted, who = AuditFilter(), None
    try:
        wanted, who = _wanted(person, given)
    except Invalid as no:
        errors = {no.field or "": str(no.message)}
    after = _place(request.GET.get("after", ""))
    entries, following = audit_page(person, wanted, after=after, size=SIZE)
    context = {
        "lines": words.lines(entries, audit_names(entries), readable_records(person, entries)),
        "given": given,
        "who": who,
        "errors": errors,
        "tabs": tabs("audit"),
        "choices": _choices(),
        "pills": _pills(given, who),
        "next": f"?{_query(given, after=_written(following))}" if following else None,
        "first": f"?{_query(given)}" if request.GET.get("after") else None,
    }
    return page(request, "audit/index.jinja", context, 422 if errors else 200)


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the parts of the audit."""
    parts = (
        ("audit", _("What changed")),
        ("audit_seals", _("Proof and seals")),
        ("audit_alone", _("Roles without a second person")),
    )
    return [
        {"label": label, "href": reverse(name), "current": name == current} for name, label in parts
    ]


def _choices() -> list[tuple[str, Any]]:
    return [
        ("", _("Everything")),
        (RECORDS, _("Records")),
        (CONFIGURATION, _("All configuration")),
        *SUBJECTS.items(),
    ]


def _wanted(person: Person, given: dict[str, str]) -> tuple[AuditFilter, Person | None]:
    """Read the filters; raises Invalid for a day that is none, or a person nobody knows."""
    who = None
    if given["who"] or given["who_text"]:
        who = person_named(person, given["who"], given["who_text"])
        if who is None:
            raise Invalid("no_such_person", _("Nobody of this name is known."), "who")
    about = given["about"] if given["about"] in dict(_choices()) else ""
    subject = given["subject"]
    last = _day(given["to"], "to")
    return AuditFilter(
        about=about,
        subject=int(subject) if subject.isdecimal() and len(subject) < 19 else None,
        who=who.pk if who else None,
        since=_start(_day(given["from"], "from")),
        before=_start(last + timedelta(days=1) if last else None),
    ), who


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as odd:
        raise Invalid("day", _("Give a day, such as 2026-11-30."), field) from odd
    if not 1990 <= found.year <= 2200:
        raise Invalid("day", _("Give a day between 1990 and 2200."), field)
    return found


def _start(day: date | None) -> datetime | None:
    return midnight(day) if day else None


def _place(text: str) -> Place | None:
    """Return where the page before ended; None for the first page and for what is no place."""
    instant, _comma, key = text.partition(",")
    try:
        at = datetime.fromisoformat(instant)
        return (at, int(key)) if at.tzinfo and len(key) < 19 else None
    except ValueError:
        return None


def _written(place: Place | None) -> str:
    return f"{place[0].isoformat()},{place[1]}" if place else ""


def _query(given: dict[str, str], **changes: str) -> str:
    return urlencode({name: value for name, value in {**given, **changes}.items() if value})


def _pills(given: dict[str, str], who: Person | None) -> list[dict[str, Any]]:
    shown = (
        ("about", _("About"), dict(_choices()).get(given["about"]) if given["about"] else ""),
        ("subject", _("Number"), given["subject"] if given["about"] else ""),
        ("who", _("By"), who.name if who else ""),
        ("from", _("From"), given["from"]),
        ("to", _("Until"), given["to"]),
    )
    return [
        {
            "label": label,
            "value": value,
            "remove": "?" + _query(given, **dict.fromkeys((name, f"{name}_text"), "")),
        }
        for name, label, value in shown
        if value
    ]  # fmt: skip


urlpatterns = [path("audit", audit, name="audit")]
