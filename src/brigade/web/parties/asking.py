"""What the forms of these pages hold, as plain values that a verb takes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from brigade.kernel.parties.queries import (
    organisations_visible_to,
    people_visible_to,
    teams_visible_to,
)
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused
from brigade.web.shell.reader import reader
from brigade.web.work.pickers import person_named

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from brigade.kernel.parties.models import Organisation, Person, Team

SIZE = 50
"""Rows of one page of a list."""

MOST_OPTIONS = 500
Row = TypeVar("Row")


class Given(dict[str, Any]):
    """What a form shows in its fields; a field of which nothing is known is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def given(request: HttpRequest) -> Given:
    """Return what was sent, to show it again; nothing where nothing was."""
    return Given(request.POST.dict())


def whole(text: str) -> int | None:
    """Return the id that a part of an address or a form holds, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def place(request: HttpRequest) -> tuple[str, int] | None:
    """Return where the page before ended: name and id of its last row."""
    number, _colon, name = request.GET.get("after", "").partition(":")
    found = whole(number)
    return None if found is None or "\0" in name else (name[:400], found)


def after(name: str, number: int) -> str:
    """Return what `place` reads, for the address of the next page."""
    return f"{number}:{name}"


def cut(rows: list[Row]) -> tuple[list[Row], Row | None]:
    """Return the rows of a page of which one too many was asked, and its last if more follow."""
    return rows[:SIZE], rows[SIZE - 1] if len(rows) > SIZE else None


def words(request: HttpRequest) -> str:
    """Return what was typed into the filter box."""
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


def day(request: HttpRequest, name: str, *, ends: bool = False) -> datetime | None:
    """Return the start of a day of the reader's zone, or the end of it with `ends`; None if empty.

    A day that is today starts now, so that no period reaches back.
    """
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        wanted = date.fromisoformat(text) + timedelta(days=1 if ends else 0)
        return datetime.combine(wanted, time(), timezone.get_current_timezone())
    except (ValueError, OverflowError) as odd:
        raise Invalid("day", _("Give a day, such as 2026-11-30."), name) from odd


def person_of(request: HttpRequest, name: str) -> Person | None:
    """Return the person chosen in a picker, or the one whose name was typed; None if empty."""
    chosen, typed = request.POST.get(name, ""), request.POST.get(f"{name}_text", "").strip()[:200]
    if not chosen and not typed:
        return None
    found = person_named(reader(request), chosen, typed)
    if found is None:
        message = _(
            "Nobody of this name is known, or several are. Type more of it, or the address."
        )
        raise Invalid("no_such_person", message, name)
    return found


def needed_person(request: HttpRequest, name: str) -> Person:
    """Return the person chosen; raises Invalid where nobody is."""
    found = person_of(request, name)
    if found is None:
        raise Invalid("required", _("Please choose somebody."), name)
    return found


def one_of(request: HttpRequest, name: str, rows: QuerySet[Any]) -> Any:
    """Return the row chosen among those that may be, or None; raises Invalid for another."""
    chosen = request.POST.get(name, "")
    if not chosen:
        return None
    found = rows.filter(pk=whole(chosen) or 0).first()
    if found is None:
        raise Invalid("unknown", _("There is no such thing to choose here."), name)
    return found


def team_options(by: Person, present: int | None = None) -> list[tuple[Any, str]]:
    """Return the active teams for a select, and the present one; the first is none."""
    rows = teams_visible_to(by).filter(is_active=True).values_list("pk", "name")[:MOST_OPTIONS]
    return _with_present(list(rows), present, teams_visible_to(by))


def organisation_options(
    by: Person, present: int | None = None, among: set[int] | None = None
) -> list[tuple[Any, str]]:
    """Return the active organisations for a select (only `among`, if given); the first is none."""
    rows = organisations_visible_to(by).filter(is_active=True)
    if among is not None:
        rows = rows.filter(pk__in=among)
    pairs = list(rows.values_list("pk", "name")[:MOST_OPTIONS])
    return _with_present(pairs, present, organisations_visible_to(by))


def _with_present(
    pairs: list[tuple[Any, str]], present: int | None, rows: QuerySet[Any]
) -> list[tuple[Any, str]]:
    if present is not None and present not in {key for key, _name in pairs}:
        pairs += list(rows.filter(pk=present).values_list("pk", "name"))
    return [("", _("None")), *pairs]


def visible_person(request: HttpRequest, number: int) -> Person:
    """Return a person the reader may see; raises Hidden for any other."""
    found = people_visible_to(reader(request)).select_related("organisation").filter(pk=number)
    person = found.first()
    if person is None:
        raise Hidden("no_person", _("There is nobody here, or they are not shown to you."))
    return person


def visible_team(request: HttpRequest, number: int) -> Team:
    """Return a team the reader may see; raises Hidden for any other."""
    team = teams_visible_to(reader(request)).filter(pk=number).first()
    if team is None:
        raise Hidden("no_team", _("There is no such team, or it is not shown to you."))
    return team


def visible_organisation(request: HttpRequest, number: int) -> Organisation:
    """Return an organisation the reader may see; raises Hidden for any other."""
    rows = organisations_visible_to(reader(request)).select_related("parent")
    organisation = rows.filter(pk=number).first()
    if organisation is None:
        message = _("There is no such organisation, or it is not shown to you.")
        raise Hidden("no_organisation", message)
    return organisation


def errors_of(no: Refused | None) -> dict[str, str]:
    """Return a refusal as a form shows it; a no that no form can mend goes up untouched."""
    if no is None:
        return {}
    if isinstance(no, Hidden | NotPermitted):
        raise no
    return {no.field or "": str(no.message)}


def done(request: HttpRequest, message: str, page: str, *arguments: Any) -> HttpResponse:
    """Say what happened and go to a page."""
    messages.success(request, message)
    return redirect(page, *arguments)
