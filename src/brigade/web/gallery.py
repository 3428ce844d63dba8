"""Every component in every state, on one page: where they are looked at and tested."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html

from brigade.kernel import instants
from brigade.web.shell import charts
from brigade.web.shell.render import page

WEEKS = [f"W{week}" for week in range(36, 48)]
CAME = [42.0, 51, 47, 60, 58, 49, 71, 66, 54, 63, 70, 57]
DONE = [40.0, 48, 50, 55, 61, 47, 60, 68, 59, 61, 66, 60]


@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the components; whoever is signed in may look."""
    return page(request, "gallery/index.jinja", _samples())


def _samples() -> dict[str, Any]:
    now = instants.now()
    return {
        "ago": lambda minutes: now - timedelta(minutes=minutes),
        "weeks": WEEKS,
        "bars": charts.bars(WEEKS, [CAME]),
        "stacked": charts.bars(WEEKS, [CAME, DONE]),
        "lines": charts.lines(WEEKS, [CAME, DONE]),
        "spark": charts.spark(CAME),
        "chart_rows": [list(row) for row in zip(WEEKS, CAME, DONE, strict=True)],
        "event_text": format_html("<b>{}</b> took it from <b>{}</b>", "Priya Nair", "Service desk"),
        "states": _states(),
        "moves": _moves(),
        "tabs": _tabs(),
        "rows": _rows(),
    }


def _states() -> list[dict[str, str]]:
    return [
        {"label": "New", "category": "new", "status": "done"},
        {"label": "Triage", "category": "new", "status": "done"},
        {"label": "In progress", "category": "active", "status": "now"},
        {"label": "Resolved", "category": "resolved", "status": "todo"},
        {"label": "Closed", "category": "closed", "status": "todo"},
    ]


def _moves() -> list[dict[str, str | None]]:
    return [
        {"name": "resolve", "label": "Resolve", "key": None, "href": "#", "refused": None},
        {"name": "wait", "label": "Wait on someone", "key": None, "href": None, "refused": None},
        {"name": "close", "label": "Close", "key": None, "href": None,
         "refused": "It is closed when the requester confirms."},
    ]  # fmt: skip


def _tabs() -> list[dict[str, Any]]:
    return [
        {"name": "public", "label": "Reply to Dana", "send": "Send reply",
         "hint": "Write a reply. Dana gets it by mail.",
         "then": [{"value": "wait", "label": "Send and wait on Dana"}]},
        {"name": "internal", "label": "Internal note", "send": "Add note",
         "hint": "Only the people who work on this read it."},
    ]  # fmt: skip


def _rows() -> list[dict[str, Any]]:
    return [
        {"id": 1, "number": "INC-20418", "title": "Ticket gates at Harbour Sq reject contactless cards",
         "level": 1, "priority": "Critical", "service": "Fare collection", "requester": "Dana Whitlock",
         "state": "In progress", "category": "active", "assignee": "Priya Nair",
         "clock": ("over", "18 min over", "Resolve", 0)},
        {"id": 2, "number": "INC-20421", "title": "Dispatch console freezes after shift handover",
         "level": 2, "priority": "High", "service": "Operations control", "requester": "Yusuf Demir",
         "state": "In progress", "category": "active", "assignee": "Tom Ashby",
         "clock": ("risk", "12 min left", "Resolve", 2)},
        {"id": 3, "number": "INC-20380", "title": "Typo in fare table on the intranet",
         "level": 4, "priority": "Low", "service": "Intranet", "requester": "Dana Whitlock",
         "state": "Waiting", "category": "waiting", "assignee": None,
         "clock": ("paused", "Paused", "for Dana", 0)},
    ]  # fmt: skip


urlpatterns = [path("-/gallery", gallery, name="gallery")]
