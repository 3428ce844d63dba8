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
from brigade.web.work.clock_words import Chip

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
    names = ("number", "title", "level", "priority", "service", "requester", "state", "category")
    sample = [
        ("INC-20418", "Ticket gates at Harbour Sq reject contactless cards", 1, "Critical",
         "Fare collection", "Dana Whitlock", "In progress", "active"),
        ("INC-20421", "Dispatch console freezes after shift handover", 2, "High",
         "Operations control", "Yusuf Demir", "In progress", "active"),
        ("INC-20380", "Typo in fare table on the intranet", 4, "Low",
         "Intranet", "Dana Whitlock", "Waiting", "waiting"),
    ]  # fmt: skip
    clocks = [
        Chip("over", "18 min over", "Resolve"),
        Chip("risk", "12 min left", "Resolve", eighths=2),
        Chip("paused", "Paused", "for Dana"),
    ]
    return [
        {**dict(zip(names, row, strict=True)), "id": n, "assignee": who, "clock": clock}
        for n, (row, who, clock) in enumerate(
            zip(sample, ("Priya Nair", "Tom Ashby", None), clocks, strict=True)
        )
    ]


urlpatterns = [path("-/gallery", gallery, name="gallery")]
