"""The left navigation: six areas in plain words, as one table.

A page joins by a line here: its words, the name of its URL, its icon, who may
see it, and, where something can wait for somebody, what counts that. An item
whose URL does not exist is not shown, nor is one whose practice does not run here,
nor an area without an item.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brigade.kernel.measures.access import may_read_figures
from brigade.kernel.outbox.access import may_see_outbox
from brigade.kernel.parties.access import is_staff, may_administer
from brigade.kernel.parties.held import holds

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the navigation.

    `pages` are further URL names under which the item is the current one.
    `count` is the dotted path of a function of the person that tells how many
    things need somebody: never a total. `go` is the key that leads there after G,
    `practice` the recipe without whose adoption the item is not there.
    """

    label: str | Promise
    page: str
    icon: str
    may: Callable[[Person], bool]
    count: str = ""
    pages: tuple[str, ...] = ()
    go: str = ""
    practice: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A group of items; `key` names it in a person's remembered open state."""

    key: str
    label: str | Promise
    items: tuple[Item, ...]


def at_desk(person: Person) -> bool:
    """Return whether the person works here and has the desk's frame; all others have the portal."""
    return is_staff(person) or holds(person, "provider_agent")


def _any_role(*roles: str) -> Callable[[Person], bool]:
    return lambda person: any(holds(person, role) for role in roles)


_works = _any_role("agent", "team_lead", "process_owner", "provider_agent", "auditor")

SERVICE_PAGES = ("service", "service_new", "service_change", "offering", "offering_new")
PEOPLE_PAGES = (
    "person", "person_new", "person_change", "person_erasure", "relation_new", "grant_new",
    "grant_revocation", "grants",
)  # fmt: skip
TEAM_PAGES = (
    "team", "team_new", "team_change", "organisations", "organisation", "organisation_new",
    "organisation_change",
)  # fmt: skip
SETTINGS_PAGES = (
    "settings_support", "settings_files", "settings_rights", "settings_tokens", "settings_mail",
)  # fmt: skip

TARGET_PAGES = ("target", "target_new", "target_change")
ADOPTION_PAGES = ("adoption_questions", "small_team", "recipe_adoption")
DECISION_PAGES = (
    "decision_new", "decision_paper", "decision_rights", "decision_right", "decision_right_new",
)  # fmt: skip
CALENDAR_PAGES = ("calendar", "calendar_new", "calendar_change")

AREAS: tuple[Area, ...] = (
    Area(
        "work",
        _("Work"),
        (
            Item(_("Inbox"), "inbox", "inbox", at_desk, "brigade.web.work.counts.inbox", (), "i"),
            Item(
                _("Queue"), "queue", "list", _works, "brigade.web.work.counts.queue",
                ("record", "record_clocks", "record_move", "record_entries", "record_field",
                 "record_assignment", "record_links", "record_erasure", "incident_new",
                 "queue_views", "at_risk", "replies", "reply", "reply_new"), "q",
            ),
        ),
    ),
    Area(
        "services",
        _("Services"),
        (
            Item(_("Services"), "services", "layers", is_staff, "", SERVICE_PAGES, "s"),
            Item(_("Targets"), "targets", "target", is_staff, pages=TARGET_PAGES),
        ),
    ),
    Area(
        "plan",
        _("Plan"),
        (
            Item(_("Decisions"), "decisions", "gavel", is_staff, pages=DECISION_PAGES,
                 practice="decision"),
        ),
    ),
    Area(
        "improve",
        _("Improve"),
        (
            Item(_("Figures"), "incident_figures", "chart-column", may_read_figures,
                 practice="incident"),
            Item(_("Improvements"), "improvements", "star", is_staff, pages=("improvement_new",),
                 practice="improvement"),
            Item(_("Recipes"), "recipes", "workflow", is_staff, "", ("recipe",)),
            Item(_("Adoption"), "adoption", "scroll-text", is_staff, pages=ADOPTION_PAGES),
        ),
    ),
    Area(
        "administration",
        _("Administration"),
        (
            Item(_("People"), "people", "users", is_staff, pages=PEOPLE_PAGES),
            Item(_("Teams"), "teams", "building-2", is_staff, pages=TEAM_PAGES),
            Item(_("Calendars"), "calendars", "calendar", is_staff, pages=CALENDAR_PAGES),
            Item(_("Import"), "imports", "upload", may_administer, "", ("import",)),
            Item(_("Outgoing"), "outbox", "send", may_see_outbox),
            Item(_("Audit"), "audit", "shield-check", _any_role("auditor", "admin")),
            Item(_("Settings"), "settings", "settings", may_administer, pages=SETTINGS_PAGES),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """An item as it is shown: `count` is a word that stops at 99+."""

    label: str | Promise
    address: str
    icon: str
    current: bool
    count: str
    go: str


@dataclass(frozen=True, slots=True)
class Group:
    """An area as it is shown."""

    key: str
    label: str | Promise
    is_open: bool
    lines: list[Line] = field(default_factory=list)


def navigation(person: Person, current: str, practices: Collection[str]) -> list[Group]:
    """Return the areas this person sees.

    `current` is the name of the page's URL, `practices` are the keys of those that run here.
    """
    shown = []
    for area in AREAS:
        lines = list(_lines(area, person, current, practices))
        if lines:
            kept: dict[str, Any] = person.nav_open or {}
            is_open = kept.get(area.key, True) or any(line.current for line in lines)
            shown.append(Group(area.key, area.label, bool(is_open), lines))
    return shown


def _lines(area: Area, person: Person, current: str, practices: Collection[str]) -> Iterator[Line]:
    for item in area.items:
        if (item.practice and item.practice not in practices) or not item.may(person):
            continue
        try:
            address = reverse(item.page)
        except NoReverseMatch:
            continue
        here = current == item.page or current in item.pages
        yield Line(item.label, address, item.icon, here, _counted(item.count, person), item.go)


def _counted(path: str, person: Person) -> str:
    if not path:
        return ""
    module, _dot, name = path.rpartition(".")
    amount: int = getattr(import_module(module), name)(person)
    return "99+" if amount > 99 else str(amount or "")
