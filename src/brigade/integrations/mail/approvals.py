"""Mail about decisions: what is decided, by when, and a link that opens the page to decide on it.

The link votes nothing by itself: whoever or whatever follows it sees a page with buttons.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.integrations.mail.letter import Letter
from brigade.integrations.mail.places import instant_for, page_url
from brigade.kernel.approvals.mail_links import key_for
from brigade.kernel.approvals.queries import by_ids
from brigade.kernel.approvals.subjects import record_of
from brigade.kernel.instants import NEVER

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.outbox.receiving import Delivery


def _approval(delivery: Delivery) -> Approval:
    number = int(delivery.message.payload["approval"])
    return by_ids([number])[number]


def _facts(delivery: Delivery, one: Approval) -> tuple[tuple[str, str], ...]:
    facts = [(_("Asked by"), str(one.asked_by.name))]
    record = record_of(one)
    if record is not None:
        facts.append((_("About"), f"{record.number} {record.title}"))
    if one.deadline != NEVER:
        facts.append((_("Decide by"), instant_for(delivery.person, one.deadline)))
    return tuple(facts)


def _asks(delivery: Delivery, heading: str) -> Letter:
    one = _approval(delivery)
    key = key_for(one, delivery.person) if delivery.person is not None else ""
    return Letter(
        subject=_("Decide: %(title)s") % {"title": one.title},
        heading=heading,
        lines=(one.title, _("The link opens a page that shows what is decided; buttons vote.")),
        quote=one.text,
        facts=_facts(delivery, one),
        link=page_url(f"approvals/by-mail/{key}" if key else f"approvals/{one.pk}"),
        link_label=_("See it and decide"),
        because=_("You get this mail because you have a seat in this decision."),
    )


def _asked(delivery: Delivery, _sender: str) -> Letter:
    return _asks(delivery, _("You are asked to decide"))


def _reminded(delivery: Delivery, _sender: str) -> Letter:
    return _asks(delivery, _("A decision still waits for your vote"))


def _answered(delivery: Delivery, _sender: str) -> Letter:
    return _asks(delivery, _("What you asked for is answered"))


def _question(delivery: Delivery, _sender: str) -> Letter:
    return _tells(
        delivery,
        _("More is asked for before it is decided"),
        _("The time to decide stands still until somebody answers on its page."),
    )


def _ended(delivery: Delivery, _sender: str) -> Letter:
    one = _approval(delivery)
    said = {
        "approved": _("It is approved."),
        "rejected": _("It is rejected."),
        "expired": _("It was not decided in time."),
        "withdrawn": _("It was taken back."),
    }
    return _tells(delivery, _("A decision you asked for has ended"), said.get(one.state, ""))


def _tells(delivery: Delivery, heading: str, line: str) -> Letter:
    one = _approval(delivery)
    return Letter(
        subject=one.title,
        heading=heading,
        lines=(one.title, line),
        facts=_facts(delivery, one),
        link=page_url(f"approvals/{one.pk}"),
        link_label=_("Open it"),
        because=_("You get this mail because you have a part in this decision."),
    )


LETTERS: dict[str, Callable[[Delivery, str], Letter]] = {
    "approval_asked": _asked,
    "approval_reminder": _reminded,
    "approval_question": _question,
    "approval_answered": _answered,
    "approval_ended": _ended,
}
