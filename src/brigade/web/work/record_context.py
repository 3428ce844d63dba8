"""Everything a record page shows, gathered once for whoever renders it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.recipes.words import flag_name
from brigade.kernel.records.naming import names_in
from brigade.kernel.records.reading import Reading
from brigade.kernel.work.drafts import draft_of
from brigade.kernel.work.effects import FLAGS
from brigade.kernel.work.erasing import may_erase
from brigade.kernel.work.offering_moves import Offer, moves_offered
from brigade.kernel.work.prioritising import may_set_priority
from brigade.kernel.work.replies import filled, replies_for
from brigade.web.approvals.waiting import lines_of
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work import record_bar, record_words
from brigade.web.work.clock_panel import panel
from brigade.web.work.record_details import details
from brigade.web.work.record_journal import FILTERS, journal
from brigade.web.work.record_list import came_from

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import Record

OWN = ("show", "before", "reply", "tab")
"""What the page itself keeps in its address; the rest names the list one came from."""


def list_query(request: HttpRequest) -> str:
    """Return the query string of the list the reader came from, with its question mark."""
    kept = [(key, one) for key in request.GET if key not in OWN for one in request.GET.getlist(key)]
    return f"?{urlencode(kept)}" if kept else ""


def address(name: str, *args: Any) -> str:
    """Return the address of a page, or nothing where it is not installed."""
    try:
        return reverse(name, args=args or None)
    except NoReverseMatch:
        return ""


def back_to(request: HttpRequest, record: Record, anchor: str = "") -> str:
    """Return the address of the record's page within the list one came from."""
    place = reverse("record", args=[record.number]) + list_query(request)
    return f"{place}#{anchor}" if anchor else place


Adds = Callable[[HttpRequest, Reading], dict[str, Any] | None]
"""What a page of its own shows; None where the record has nothing of it, so not its own page."""
_own_pages: dict[str, tuple[str, Adds]] = {}


def own_page(kind: str, template: str, adds: Adds) -> None:
    """Give a kind of record its own page: a template over the common one, and what it shows."""
    _own_pages[kind] = template, adds


def shown(request: HttpRequest, reading: Reading, status: int = 200, **more: Any) -> HttpResponse:
    """Render the page of a record: the common one, or its kind's own."""
    context = gathered(request, reading, **more)
    own, adds = _own_pages.get(reading.record.kind, ("", None))
    added = adds(request, reading) if adds is not None else None
    template = "work/record/page.jinja" if added is None else own
    return page(request, template, context | (added or {}), status)


def gathered(request: HttpRequest, reading: Reading, **more: Any) -> dict[str, Any]:
    """Return what the templates of the page use."""
    person, record = reader(request), reading.record
    recipe = recipe_version(record.recipe_version_id)
    show = request.GET.get("show", "")
    offers = moves_offered(record, person, reading.standing)
    names = names_in(recipe, reading.entries)
    newer = more.pop("newer", [])
    return {
        "reading": reading,
        "record": record,
        "recipe": recipe,
        "words": record_words,
        "address": address,
        "query": list_query(request),
        "show": show if show in FILTERS else "",
        "filters": FILTERS,
        "came": came_from(request, record, reading.standing),
        "path": record_bar.path(recipe, record),
        "moves": record_bar.buttons(record, offers),
        "priority": record_words.priority_words(recipe, record),
        "timer": record_words.timer_words(recipe, record),
        "items": journal(reading, recipe, names, show, {one["number"] for one in newer}),
        "details": details(reading, recipe, person),
        "decisions": lines_of(record, recipe) if reading.internal else [],
        "clocks": panel(record.pk, recipe, names, instants.now()) if reading.internal else None,
        "open": record.state_category not in ("closed", "cancelled"),
        "flags": flags_of(record) if reading.internal else [],
        "may_erase": may_erase(person),
        "may_set_priority": may_set_priority(record, reading.standing),
        "composer": composer(request, reading, recipe, offers, more.pop("sent", None)),
        "newer": newer,
        **more,
    }


def flags_of(record: Record) -> list[str]:
    """Return the flags that the recipe put on a record, in words."""
    return [flag_name(one) for one in record.data.get(FLAGS) or ()]


def composer(
    request: HttpRequest,
    reading: Reading,
    recipe: CompiledRecipe,
    offers: list[Offer],
    sent: dict[str, Any] | None,
) -> dict[str, Any] | None:
    """Return where one writes: with what was just sent in vain, else with the kept draft."""
    person, record = reader(request), reading.record
    reply = reading.update or record.requester_id == person.pk
    if not reply or record.state_category in ("closed", "cancelled"):
        return None
    draft, saved = draft_of(f"{record.number}/reply", by=person)
    values = sent or draft
    return {
        "tabs": _tabs(reading, recipe, offers, person, (sent or {}).get("anyway", False)),
        "chosen": values.get("visibility") or request.GET.get("tab") or "public",
        "text": _with_reply(request, record, person, values.get("body", "")),
        "saved": None if sent else saved,
        "error": (sent or {}).get("error"),
        "replies": list(replies_for(person)) if reading.update else [],
        "hidden": {"seen": reading.seen, "key": secrets.token_urlsafe(16)},
        "minutes": values.get("minutes", "") if reading.update and reading.internal else None,
    }


def _with_reply(request: HttpRequest, record: Record, person: Person, text: str) -> str:
    """Return the text with the canned reply that the address names under it."""
    wanted = request.GET.get("reply", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        return text
    reply = replies_for(person).filter(pk=int(wanted)).first()
    if reply is None:
        return text
    return "\n\n".join(filter(None, (text.strip(), filled(reply, record, by=person))))


def _tabs(
    reading: Reading,
    recipe: CompiledRecipe,
    offers: list[Offer],
    person: Person,
    anyway: bool,
) -> list[dict[str, Any]]:
    record = reading.record
    other = record.requester if record.requester_id != person.pk else None
    first = {"name": other.name.split()[0] if other else ""}
    waits = record_bar.waits_on_requester(recipe, offers) if other else ""
    tabs: list[dict[str, Any]] = [
        {
            "name": "public",
            "label": _("Reply to %(name)s") % first if other else _("Public reply"),
            "send": _("Send anyway") if anyway else _("Send reply"),
            "hint": _("Write to %(name)s. It goes out by mail.") % first
            if other
            else _("Everybody on this record reads it."),
            "then": [{"value": waits, "label": _("Send and wait on %(name)s") % first}]
            if waits
            else [],
        }
    ]
    if reading.update and reading.internal:
        tabs.append(
            {
                "name": "internal",
                "label": _("Internal note"),
                "send": _("Add note"),
                "hint": _("Only the people who work on this read it."),
            }
        )
    return tabs
