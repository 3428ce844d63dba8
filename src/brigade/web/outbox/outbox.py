"""The outbox as a page: what is on its way, what was not sent and why, and trying again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from brigade.kernel import instants
from brigade.kernel.outbox import actions, heartbeat, reasons
from brigade.kernel.outbox.access import may_retry, may_see_outbox
from brigade.kernel.outbox.queries import counts_by_state, heartbeats, message_page
from brigade.kernel.outbox.stopped import may_go_again, stopped
from brigade.kernel.refused import NotPermitted
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.outbox.models import Message
    from brigade.kernel.parties.models import Person

STATES: dict[str, str | Promise] = {
    "queued": lazy("Waiting to be sent"),
    "failed": lazy("Failed, will be tried again"),
    "dead": lazy("Given up"),
    "withheld": lazy("Not sent"),
    "sent": lazy("Sent"),
}
TONES = {"queued": "line", "failed": "warn", "dead": "bad", "withheld": "warn", "sent": "line"}
CHANNELS: dict[str, str | Promise] = {
    "mail": lazy("Mail"),
    "notice": lazy("Inbox notice"),
    "webhook": lazy("Webhook"),
    "effect": lazy("Follow-up work"),
}
TOPICS: dict[str, str | Promise] = {
    "opened": lazy("It was opened"),
    "replied": lazy("Somebody replied"),
    "answered": lazy("The requester answered"),
    "assigned": lazy("It was assigned"),
    "resolved": lazy("It was resolved"),
    "reopened": lazy("It was reopened"),
    "closed": lazy("It was closed"),
    "cancelled": lazy("It was cancelled"),
    "escalated": lazy("A clock escalated"),
    "timed": lazy("A timer reminds you"),
    "reset": lazy("Choose a new password"),
    "approval_asked": lazy("Asked to decide"),
    "approval_reminder": lazy("Reminder to decide"),
    "approval_question": lazy("More asked for"),
    "approval_answered": lazy("Answer to a question"),
    "approval_ended": lazy("Decision has ended"),
    "invitation": lazy("Invitation"),
    "account": lazy("About the account"),
}
SILENT_AFTER = 3 * heartbeat.EVERY
"""A worker that missed three signs of life is gone."""


def require_outbox(request: HttpRequest) -> Person:
    """Return the reader if a part of the outbox is theirs to look at."""
    person = reader(request)
    if not may_see_outbox(person):
        raise NotPermitted(
            "not_permitted",
            _("Outgoing messages are open to administrators, auditors, leads and process owners."),
        )
    return person


@login_required
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Show messages, newest first, with the reason for every one that was not sent."""
    person = require_outbox(request)
    asked = _asked(request.GET)
    before = request.GET.get("before", "")
    rows, following = message_page(
        person,
        state=asked["state"],
        channel=asked["channel"],
        reason=asked["reason"],
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    retrying = may_retry(person)
    context = {
        "rows": [_row(message, retrying) for message in rows],
        "asked": asked,
        "tabs": _tabs(asked, counts_by_state(person)),
        "stopped": stopped(person),
        "may_retry": retrying,
        "channels": CHANNELS,
        "explain": reasons.explain,
        "alive": _alive(instants.now()),
        "next": f"?{_query(asked, before=following)}" if following else None,
        "first": f"?{_query(asked)}" if before else None,
        "query": _query,
    }
    return page(request, "outbox/index.jinja", context)


def _asked(given: QueryDict, prefix: str = "") -> dict[str, str]:
    """Return the filters of an address or a form that mean something."""
    known = {"state": set(STATES), "channel": set(CHANNELS), "reason": set(reasons.REASONS)}
    wanted = {name: given.get(f"{prefix}{name}", "") for name in known}
    return {name: value if value in known[name] else "" for name, value in wanted.items()}


def _query(asked: dict[str, str], **changes: Any) -> str:
    return urlencode({name: value for name, value in {**asked, **changes}.items() if value})


def _tabs(asked: dict[str, str], counted: dict[str, int]) -> list[dict[str, Any]]:
    every = {
        "label": _("All"), "href": f"?{_query(asked, state='')}", "current": not asked["state"],
    }  # fmt: skip
    return [every] + [
        {
            "label": label,
            "href": f"?{_query(asked, state=state)}",
            "current": asked["state"] == state,
            "count": counted.get(state, 0) if state != "sent" else None,
        }
        for state, label in STATES.items()
    ]


def _row(message: Message, retrying: bool) -> dict[str, Any]:
    return {
        "message": message,
        "topic": str(TOPICS.get(message.topic, message.topic.replace("_", " ").capitalize())),
        "channel": str(CHANNELS.get(message.channel, message.channel)),
        "to": message.recipient.name if message.recipient else message.address,
        "address": message.address if message.recipient else "",
        "due": message.state in ("queued", "failed") and message.next_attempt_at > instants.now(),
        "state": str(STATES[message.state]),
        "tone": TONES[message.state],
        "why": reasons.explain(message.reason) if message.reason else "",
        "again": retrying and may_go_again(message),
    }


def _alive(now: datetime) -> bool:
    """Tell whether a worker is there to send anything."""
    return any(now - each.beat_at <= SILENT_AFTER for each in heartbeats())


@login_required
@require_POST
def retry_message(request: HttpRequest, number: int) -> HttpResponse:
    """Send one message again."""
    message = actions.retry(number, by=require_outbox(request))
    to = message.recipient.name if message.recipient else message.address
    toasts.success(request, _("The message to %(name)s is on its way again.") % {"name": to})
    return redirect(_back(request))


@login_required
@require_POST
def retry_reason(request: HttpRequest) -> HttpResponse:
    """Send again everything that one reason stopped."""
    count = actions.retry_all(request.POST.get("reason", ""), by=require_outbox(request))
    words = ngettext(
        "%(n)d message is on its way again.", "%(n)d messages are on their way again.", count
    )
    toasts.success(request, words % {"n": count})
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Return the list one came from: its filters, made anew from the known ones."""
    query = _query(_asked(request.POST, "list_"))
    return f"{reverse('outbox')}?{query}" if query else reverse("outbox")


urlpatterns = [
    path("outbox", outbox, name="outbox"),
    path("outbox/retries", retry_reason, name="outbox_retry_all"),
    path("outbox/<int:number>/retries", retry_message, name="outbox_retry"),
]
