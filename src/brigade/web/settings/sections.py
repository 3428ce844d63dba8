"""The parts of the settings, in the order of the list at the side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brigade.kernel.parties.held import holds
from brigade.kernel.work.replies import WRITERS
from brigade.web.jinja import maybe_url

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the settings: its page, its words, and the sentence that says what it is for."""

    page: str
    label: str | Promise
    help: str | Promise


SECTIONS = (
    Section(
        "settings", _("Organisation"),
        _("What the installation is called, and the zone and language of whoever has chosen none."),
    ),
    Section(
        "settings_support", _("Support"),
        _("Who gets work that belongs to no team, and how people reach you."),
    ),
    Section(
        "settings_files", _("Files and limits"),
        _("What is decided when Brigade is started, by environment variables or brigade.toml."),
    ),
    Section(
        "settings_rights", _("Rights"),
        _("Roles that wait for a second person, and those that had none."),
    ),
    Section(
        "settings_tokens", _("Tokens"),
        _("Keys with which programs act as a person. Each belongs to one person and expires."),
    ),
    Section(
        "settings_mail", _("Addresses without mail"),
        _("Addresses that get no mail: they do not exist, or their owner said no."),
    ),
)  # fmt: skip
"""Canned replies are written by the teams on a page of their own; the list leads there
whoever may write one."""


def side_list(current: str, person: Person) -> list[dict[str, Any]]:
    """Return the list at the side; `current` is the name of the page `person` is on."""
    lines = [
        {"label": one.label, "href": reverse(one.page), "current": one.page == current}
        for one in SECTIONS
    ]
    replies = maybe_url("replies")
    if replies and any(holds(person, role) for role in WRITERS):
        lines.append({"label": _("Canned replies"), "href": replies, "current": False})
    lines.append({"label": _("Example data"), "href": reverse("setup_example"), "current": False})
    return lines


def section(page: str) -> Section:
    """Return the section of a page."""
    return next(one for one in SECTIONS if one.page == page)
