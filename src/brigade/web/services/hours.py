"""The hours of a service or an offering, as their forms and pages have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brigade.kernel.calendars.queries import calendars_visible_to
from brigade.web.parties import asking
from brigade.web.shell.reader import reader

if TYPE_CHECKING:
    from django.http import HttpRequest

    from brigade.kernel.parties.models import Person


def options(me: Person, present: int | None, nothing: str) -> list[tuple[Any, str]]:
    """Return the calendars for a select, `nothing` first; an empty list for who sees none."""
    rows = list(calendars_visible_to(me).values_list("pk", "name", "is_active"))
    if not rows:
        return []
    kept = [(pk, name) for pk, name, active in rows if active or pk == present]
    return [("", nothing), *kept[: asking.MOST_OPTIONS]]


def chosen(request: HttpRequest) -> dict[str, Any]:
    """Return the calendar that a form names as a fact; nothing where the form did not ask."""
    if "hours" not in request.POST:
        return {}
    return {"hours": asking.one_of(request, "hours", calendars_visible_to(reader(request)))}


def name(me: Person, value: Any) -> str:
    """Return the name of a calendar by its id; a dash for none."""
    number = asking.whole(str(value or "")) or 0
    found = calendars_visible_to(me).filter(pk=number).values_list("name", flat=True).first()
    return found or "–"
