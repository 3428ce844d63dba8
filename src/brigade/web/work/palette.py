"""The palette's answers: records, pages to go to, things to do; each only where one may."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brigade.kernel.parties.held import holds
from brigade.kernel.records.search import search
from brigade.web.shell.reader import reader
from brigade.web.shell.render import Frame, page
from brigade.web.work.record_context import address
from brigade.web.work.search import LONGEST, hit, marked, request_address

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

RECORDS = 7
ONLY_ACTIONS = ">"

Option = dict[str, Any]


@login_required
@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Return the list for what was typed; `>` before it asks for things to do only."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    acting = typed.startswith(ONLY_ACTIONS)
    text = typed.lstrip(ONLY_ACTIONS).strip()
    frame, person = Frame(request), reader(request)
    groups = [{"label": _("Actions"), "options": _fitting(_actions(person, frame.practices), text)}]
    if not acting:
        places = _fitting(_places(frame), text)
        records = _records(person, text, at_desk=frame.at_desk)
        groups = [
            {"label": _("Records"), "options": records},
            {"label": _("Go to"), "options": places},
            *groups,
        ]
        if text and not any(group["options"] for group in groups):
            groups = [{"label": _("Nothing found"), "options": _ask(text)}]
    context = {"groups": groups, "prefix": "found", "create": None}
    return page(request, "components/options.jinja", context)


def _records(person: Person, text: str, *, at_desk: bool) -> list[Option]:
    if not text:
        return []
    found = [hit(one, text, at_desk=at_desk) for one in search(person, text, limit=RECORDS)]
    return [
        {
            "label": each.title,
            "note": _("%(number)s · %(state)s")
            % {"number": each.record.number, "state": each.state},
            "icon": "file-text",
            "href": each.address,
        }
        for each in found
        if each.address
    ]


def _places(frame: Frame) -> list[Option]:
    """Return the pages of the reader's own navigation, with the keys that lead there."""
    return [
        {
            "label": str(line.label),
            "note": _("G then %(key)s") % {"key": line.go.upper()} if line.go else str(group.label),
            "icon": line.icon,
            "href": line.address,
        }
        for group in frame.nav
        for line in group.lines
    ]


def _actions(person: Person, practices: Collection[str]) -> list[Option]:
    logs = holds(person, "agent") or holds(person, "team_lead")
    report = "portal_report" if "incident" in practices else ""
    offered = [
        (_("New incident"), "incident_new" if logs and report else "", "plus", "C"),
        (
            _("Report a problem of your own"),
            report,
            "message-square",
            "",
        ),
        (_("Save a view of the queue"), "queue_views" if logs else "", "bookmark", ""),
        (_("Change your preferences"), "account", "settings", ""),
    ]
    return [
        {"label": label, "note": key, "icon": icon, "href": address(name)}
        for label, name, icon, key in offered
        if name and address(name)
    ]


def _fitting(options: list[Option], text: str) -> list[Option]:
    """Return the options in which every word typed begins a word, with the words marked."""
    words = text.casefold().split()
    return [
        option | {"label": marked(option["label"], text)}
        for option in options
        if all(
            any(one.startswith(word) for one in option["label"].casefold().split())
            for word in words
        )
    ]


def _ask(text: str) -> list[Option]:
    form = request_address(text)
    label = _("Send “%(text)s” as a request") % {"text": text}
    return [{"label": label, "note": "", "icon": "send", "href": form}] if form else []


urlpatterns = [path("search/palette", palette, name="palette")]
