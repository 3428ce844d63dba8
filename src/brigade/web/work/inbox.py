"""The inbox: what happened that concerns the reader, what is theirs to do, what could not leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from brigade.kernel import instants
from brigade.kernel.approvals.notices import told_of
from brigade.kernel.approvals.queries import by_ids
from brigade.kernel.outbox.access import may_see_every_message
from brigade.kernel.outbox.notices import mark_read, notices_for, unread_count
from brigade.kernel.outbox.queries import counts_by_state
from brigade.kernel.records.lists import Sort, list_page
from brigade.kernel.refused import Invalid
from brigade.web.approvals.waiting import waiting_lines
from brigade.web.shell.reader import reader
from brigade.web.shell.render import Frame, page
from brigade.web.work.queue_filter import (
    filter_of,
    whole,
)
from brigade.web.work.queue_rows import rows_for
from brigade.web.work.search import record_address

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.outbox.models import Notice
    from brigade.kernel.parties.models import Person

SIZE = 50
OWN = 8
"""Lines of one's own work; the queue has the rest."""

KINDS: Mapping[str, tuple[str | Promise, str]] = {
    "assigned": (lazy("Assigned to you"), "user-check"),
    "answered": (lazy("The requester answered"), "reply"),
    "replied": (lazy("A reply was sent"), "reply"),
    "opened": (lazy("Reported"), "inbox"),
    "resolved": (lazy("Resolved"), "circle-check"),
    "reopened": (lazy("Reopened"), "history"),
    "closed": (lazy("Closed"), "check"),
    "cancelled": (lazy("Cancelled"), "ban"),
    "escalated": (lazy("A clock escalated"), "triangle-alert"),
    "timed": (lazy("A timer reminds you"), "clock"),
    "decided": (lazy("Decided"), "gavel"),
    "lapsed": (lazy("Nobody decided"), "gavel"),
    "decision_escalated": (lazy("Not decided in time, and escalated"), "triangle-alert"),
    "approved": (lazy("Approved"), "check"),
    "declined": (lazy("Declined"), "ban"),
    "approval_asked": (lazy("You are asked to decide"), "gavel"),
    "approval_reminder": (lazy("A decision still waits for your vote"), "gavel"),
    "approval_question": (lazy("More is asked for before it is decided"), "circle-question-mark"),
    "approval_answered": (lazy("What you asked for is answered"), "reply"),
    "approval_ended": (lazy("A decision you asked for has ended"), "gavel"),
}
NOT_SENT = ("dead", "failed")


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as it is shown."""

    id: int
    words: str
    icon: str
    number: str
    title: str
    address: str
    at: datetime
    unread: bool


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the notices, newest first, beside one's own work and mail that did not leave."""
    person, at_desk = reader(request), Frame(request).at_desk
    only_unread = request.GET.get("show") == "unread"
    found = notices_for(person, unread=only_unread, before=_before(request))
    notices = list(found[: SIZE + 1])
    shown = notices[:SIZE]
    last = shown[-1] if len(notices) > SIZE else None
    context: dict[str, Any] = {
        "lines": _lines(shown, at_desk=at_desk),
        "unread": unread_count(person),
        "only_unread": only_unread,
        "next": f"{last.at.isoformat()}~{last.pk}" if last else None,
        "paged": "before" in request.GET,
        "work": _own_work(person) if at_desk else [],
        "unsent": _unsent(person),
        "waiting": waiting_lines(person),
    }
    return page(request, "work/inbox/index.jinja", context)


def _lines(notices: list[Notice], *, at_desk: bool) -> list[Line]:
    about = told_of(notice.key for notice in notices)
    asked = by_ids(about.values()) if about else {}
    return [_line(each, asked.get(about.get(each.key, 0)), at_desk=at_desk) for each in notices]


def _line(notice: Notice, asked: Approval | None, *, at_desk: bool) -> Line:
    words, icon = KINDS.get(notice.kind, (notice.kind.capitalize(), "bell"))
    record = notice.record
    if asked is not None:
        where, unread = reverse("approval", args=[asked.pk]), notice.read_at is None
        return Line(notice.pk, str(words), icon, "", asked.title, where, notice.at, unread)
    return Line(
        id=notice.pk,
        words=str(words),
        icon=icon,
        number=record.number if record else "",
        title=record.title if record else "",
        address=record_address(record.number, at_desk=at_desk) if record else "",
        at=notice.at,
        unread=notice.read_at is None,
    )


def _own_work(person: Person) -> list[Any]:
    mine = filter_of(person, {"category": ["open"], "assignee": ["me"]})
    found = list_page(person, mine, Sort.NEXT, limit=OWN)
    return rows_for(person, found.rows, "view=mine")


def _unsent(person: Person) -> str:
    """Return how much mail did not leave, in words, to whoever can do something about it."""
    if not may_see_every_message(person):
        return ""
    counted = counts_by_state(person)
    amount = sum(counted.get(state, 0) for state in NOT_SENT)
    if not amount:
        return ""
    return ngettext(
        "%(n)d message could not be sent.", "%(n)d messages could not be sent.", amount
    ) % {"n": amount}


def _before(request: HttpRequest) -> tuple[datetime, int] | None:
    """Return the last line of the page before, as its address names it."""
    given = request.GET.get("before", "")
    if not given:
        return None
    at, _mark, key = given.partition("~")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        instant = None
    ids = whole([key])
    if instant is None or instant.tzinfo is None or not ids:
        raise Invalid("bad_cursor", _("This page is no longer there. Begin at the first one."))
    return instant, ids[0]


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark notices as read: those named, or all."""
    ids = whole(request.POST.getlist("notice"))
    everything = "all" in request.POST
    done = mark_read(by=reader(request), at=instants.now(), notice_ids=None if everything else ids)
    if done:
        words = ngettext("%(n)d marked as read.", "%(n)d marked as read.", done) % {"n": done}
        messages.success(request, words)
    return redirect("inbox")


urlpatterns = [path("inbox", inbox, name="inbox"), path("inbox/reads", read, name="inbox_read")]
