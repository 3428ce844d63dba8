"""What open pages ask while they are looked at: a pass, the numbers beside the menu, who is here.

All of it comes from the same scoped reads as the pages; without the live
process the pages lack nothing but being told.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brigade.kernel.live import passes
from brigade.kernel.live.admission import pass_for
from brigade.kernel.live.changes import changed_rows
from brigade.kernel.live.presence import Here, end_presence, others_at, show_presence
from brigade.kernel.live.queries import listeners
from brigade.kernel.records.reading import read_record, record_for, said_since
from brigade.kernel.work.columns import columns_of
from brigade.kernel.work.viewing import views_of
from brigade.web.shell.nav import navigation
from brigade.web.shell.reader import reader
from brigade.web.shell.render import Frame, page
from brigade.web.shell.security import live_address
from brigade.web.work.numbers import NUMBER
from brigade.web.work.queue import require_desk
from brigade.web.work.queue_query import (
    asked_for,
)
from brigade.web.work.queue_rows import columns_for, every_column, own_shown, rows_for
from brigade.web.work.record_journal import newer

KNOWN_SECONDS = 3.0
SHOWN = 3
"""People who are named beside a record; the others are counted."""

_heard: tuple[float, bool] = (-KNOWN_SECONDS, False)


@login_required
@require_GET
def live_pass(request: HttpRequest) -> HttpResponse:
    """Hand out what a stream is opened with; 204 while nobody would answer."""
    person = require_desk(request)
    address, session = live_address(request), request.session.session_key
    if not address or not session or not _listens():
        return HttpResponse(status=204)
    made = pass_for(person, session, request.session.get_expiry_date())
    text = passes.write(made, passes.signing_key(settings.SECRET_KEY))
    return JsonResponse({"url": address, "pass": text}, headers={"Cache-Control": "no-store"})


def _listens() -> bool:
    """Tell whether a live process is there; asked a few seconds apart at most."""
    global _heard
    now = time.monotonic()
    if now - _heard[0] >= KNOWN_SECONDS:
        _heard = (now, bool(listeners()))
    return _heard[1]


@login_required
@require_GET
def live_counts(request: HttpRequest) -> HttpResponse:
    """Return the numbers of the navigation by address."""
    groups = navigation(require_desk(request), "", Frame(request).practices)
    counts = {line.address: line.count for group in groups for line in group.lines if line.count}
    return JsonResponse(counts, headers={"Cache-Control": "no-store"})


@login_required
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """Return the rows of a list that changed; `number` names records, `since` an instant."""
    person = require_desk(request)
    asked = asked_for(person, request.GET, list(views_of(person)))
    found = changed_rows(
        person,
        asked.wanted,
        numbers=[number.upper() for number in request.GET.getlist("number")],
        since=_instant(request.GET.get("since", "")),
    )
    shown = columns_for(asked.view.key, columns_of(person, asked.view.key), asked.own)
    labels, own = every_column(asked.own), own_shown(shown, asked.own)
    context: dict[str, Any] = {
        "asked": asked,
        "rows": rows_for(person, found, asked.query(), own),
        "groups": None,
        "columns": [(name, labels[name]) for name in shown],
        "sorts": {},
    }
    return page(request, "work/queue/news.jinja", context)


def _instant(seconds: str) -> datetime | None:
    """Return the instant that epoch seconds name; None where they name none."""
    if not seconds.isdecimal() or len(seconds) > 10:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


@login_required
@require_GET
def meanwhile(request: HttpRequest, number: str) -> HttpResponse:
    """Return what others said to the requester after the entry `seen`; 204 for nothing."""
    person, seen = reader(request), request.GET.get("seen", "")
    reading = read_record(person, number)
    if not seen.isdecimal() or len(seen) > 9:
        return HttpResponse(status=204)
    said = newer(said_since(person, reading.record, int(seen)), reading)
    if not said:
        return HttpResponse(status=204)
    context = {"newer": said, "seen": reading.seen, "arrived": True}
    return page(request, "work/record/meanwhile.jinja", context)


@login_required
@require_POST
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Note what somebody is doing at a record ("gone" takes them away); say who else is there."""
    person = reader(request)
    record = record_for(person, number)
    doing = request.POST.get("doing", "")
    if doing == "gone":
        end_presence(record, by=person)
        return HttpResponse(status=204)
    show_presence(record, doing, by=person)
    others = others_at(record, by=person)
    words = [_words(one) for one in others[:SHOWN]]
    if more := len(others) - SHOWN:
        words += [_("and %(n)d more") % {"n": more}] if more > 0 else []
    return page(request, "work/record/presence.jinja", {"words": words})


def _words(one: Here) -> str:
    said = {
        "replying": _("%(name)s is writing a reply"),
        "noting": _("%(name)s is writing a note"),
        "viewing": _("%(name)s is looking at this"),
    }
    return said[one.doing] % {"name": one.name}


urlpatterns = [
    path("live/pass", live_pass, name="live_pass"),
    path("live/counts", live_counts, name="live_counts"),
    path("queue/news", news, name="queue_news"),
    path(f"{NUMBER}/meanwhile", meanwhile, name="record_meanwhile"),
    path(f"{NUMBER}/presence", presence, name="record_presence"),
]
