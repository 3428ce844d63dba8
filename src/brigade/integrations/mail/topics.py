"""What each mail says, by topic, in the language that is active.

A letter about a record says only what its requester may read: the title, the
public entry that caused it, who works on it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.integrations.mail import approvals
from brigade.integrations.mail.letter import Letter
from brigade.integrations.mail.places import instant_for, page_url
from brigade.kernel.instants import NEVER
from brigade.kernel.recipes.elements import in_language, plain_words
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.recipes.spans import Mark
from brigade.kernel.recipes.words import mark_in_words
from brigade.kernel.work.offering_moves import reopenable_until

if TYPE_CHECKING:
    from brigade.kernel.outbox.receiving import Delivery
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record


def compose(delivery: Delivery, *, sender_name: str) -> Letter:
    """Return the letter for a message; `sender_name` is what the installation is called."""
    topic = delivery.message.topic
    if delivery.record is None:
        return _ACCOUNT[topic](delivery, sender_name)
    return _RECORD.get(topic, _news)(delivery, delivery.record)


def _subject(record: Record) -> str:
    return f"[{record.number}] {record.title}"


def _actor_name(delivery: Delivery) -> str:
    entry = delivery.entry
    if entry is None or entry.actor is None or entry.actor.is_system:
        return ""
    return str(entry.actor.name)


def _quote(delivery: Delivery) -> str:
    return (delivery.entry.body or "") if delivery.entry else ""


def _because(delivery: Delivery, record: Record) -> str:
    reader = delivery.message.recipient_id
    if reader == record.requester_id:
        return _("You get this mail because you asked for help with this.")
    if reader == record.assignee_id:
        return _("You get this mail because this is assigned to you.")
    return _("You get this mail because you lead the team that this is with.")


def _opened(delivery: Delivery, record: Record) -> Letter:
    lines = [
        _("We have it under the number %(number)s: “%(title)s”.")
        % {"number": record.number, "title": record.title}
    ]
    if record.opened_by_id != record.requester_id and _actor_name(delivery):
        lines.append(_("%(name)s reported it for you.") % {"name": _actor_name(delivery)})
    lines.append(_("You will hear from us as soon as somebody answers or it is solved."))
    facts = [(_("Reported"), instant_for(delivery.person, record.opened_at))]
    if record.team is not None:
        facts.append((_("With"), record.team.name))
    return Letter(
        subject=_subject(record),
        heading=_("We have your report"),
        lines=tuple(lines),
        facts=tuple(facts),
        link=page_url(record.number),
        link_label=_("See how it stands or add something"),
        because=_because(delivery, record),
    )


def _replied(delivery: Delivery, record: Record) -> Letter:
    name = _actor_name(delivery)
    return Letter(
        subject=_subject(record),
        heading=_("%(name)s answered") % {"name": name} if name else _("There is an answer"),
        lines=(_("About “%(title)s”:") % {"title": record.title},),
        quote=_quote(delivery),
        link=page_url(record.number),
        link_label=_("Read and answer"),
        because=_because(delivery, record),
    )


def _resolved(delivery: Delivery, record: Record) -> Letter:
    lines = [_("“%(title)s” is solved.") % {"title": record.title}]
    if record.state_category == "resolved" and record.timer_due < NEVER:
        lines.append(_how_it_ends(delivery.person or record.requester, record))
    else:
        lines.append(_("If it does not work again, say so on its page."))
    return Letter(
        subject=_subject(record),
        heading=_("Solved"),
        lines=tuple(lines),
        quote=_quote(delivery) or str(record.data.get("resolution") or ""),
        link=page_url(record.number),
        link_label=_("Confirm or reopen"),
        because=_because(delivery, record),
    )


def _how_it_ends(person: Person | None, record: Record) -> str:
    """Return when it closes by itself and until when it can be reopened, which may be sooner."""
    closes = record.timer_due
    until: datetime | None = closes
    if person is not None and record.resolved_at is not None:
        until = reopenable_until(record, person, closes)
    named = {"when": instant_for(person, closes)}
    if until is None:
        return (
            _(
                "If it works again, you need not do anything: it closes by itself on %(when)s. "
                "If it does not, report it again."
            )
            % named
        )
    if until >= closes:
        return (
            _(
                "If it works again, you need not do anything: it closes by itself on %(when)s. "
                "If it does not, reopen it on its page until then."
            )
            % named
        )
    return _(
        "If it works again, you need not do anything: it closes by itself on %(when)s. "
        "If it does not, reopen it on its page until %(until)s; after that, report it again."
    ) % (named | {"until": instant_for(person, until)})


def _reopened(delivery: Delivery, record: Record) -> Letter:
    name = _actor_name(delivery)
    heading = _("%(name)s reopened it") % {"name": name} if name else _("It was reopened")
    return Letter(
        subject=_subject(record),
        heading=heading,
        lines=(_("“%(title)s” is open again.") % {"title": record.title},),
        quote=_quote(delivery),
        link=page_url(record.number),
        link_label=_("Open it"),
        because=_because(delivery, record),
    )


def _escalated(delivery: Delivery, record: Record) -> Letter:
    recipe = recipe_version(record.recipe_version_id)
    told = delivery.message.payload
    clock = recipe.clocks.get(told.get("clock", ""))
    label = in_language(clock.label) if clock and clock.label else plain_words(told["clock"])
    facts = [(_("Clock"), label), (_("When"), mark_in_words(Mark.read(told["share"])))]
    if record.next_due < NEVER:
        facts.append((_("Due"), instant_for(delivery.person, record.next_due)))
    if record.team is not None:
        facts.append((_("With"), record.team.name))
    return _to_the_desk(
        delivery, record, _("A promise is at risk or broken"), (_told(record),), tuple(facts)
    )


def _timed(delivery: Delivery, record: Record) -> Letter:
    return _to_the_desk(delivery, record, _("A timer reminds you"), (_told(record),), ())


def _told(record: Record) -> str:
    words = {"title": record.title, "number": record.number}
    return _("It is about %(number)s, “%(title)s”.") % words


def _to_the_desk(
    delivery: Delivery,
    record: Record,
    heading: str,
    lines: tuple[str, ...],
    facts: tuple[tuple[str, str], ...],
) -> Letter:
    return Letter(
        subject=_subject(record),
        heading=heading,
        lines=lines,
        facts=facts,
        link=page_url(record.number),
        link_label=_("Open it"),
        because=_("You get this mail because the process says that you are told of it."),
    )


def _news(delivery: Delivery, record: Record) -> Letter:
    return Letter(
        subject=_subject(record),
        heading=_("There is news"),
        lines=(_("Something happened to “%(title)s”.") % {"title": record.title},),
        quote=_quote(delivery),
        link=page_url(record.number),
        link_label=_("Open it"),
        because=_because(delivery, record),
    )


def _secret(delivery: Delivery) -> dict[str, str]:
    return dict(delivery.message.payload.get("secret") or {})


def _until(delivery: Delivery) -> tuple[str, ...]:
    expires = delivery.message.payload.get("expires_at")
    if not expires:
        return ()
    when = instant_for(delivery.person, datetime.fromisoformat(expires))
    return (_("The link works until %(when)s.") % {"when": when},)


def _reset(delivery: Delivery, sender_name: str) -> Letter:
    return Letter(
        subject=_("Choose a new password for %(name)s") % {"name": sender_name},
        heading=_("Choose a new password"),
        lines=(
            _("Somebody, probably you, asked for a new password for your account."),
            *_until(delivery),
            _("If it was not you, do nothing: your password stays as it is."),
        ),
        link=_secret(delivery)["link"],
        link_label=_("Choose a new password"),
    )


def _invitation(delivery: Delivery, sender_name: str) -> Letter:
    return Letter(
        subject=_("You are invited to %(name)s") % {"name": sender_name},
        heading=_("You are invited to %(name)s") % {"name": sender_name},
        lines=(
            _("There you report what is broken, ask for what you need and see how it stands."),
            *_until(delivery),
        ),
        link=_secret(delivery)["link"],
        link_label=_("Choose a password and sign in"),
    )


def _account(delivery: Delivery, sender_name: str) -> Letter:
    words = _secret(delivery)
    return Letter(
        subject=words["subject"],
        heading=words["subject"],
        lines=tuple("\n".join(block.split("\n")) for block in words["text"].split("\n\n")),
    )


_RECORD: dict[str, Callable[[Delivery, Record], Letter]] = {
    "opened": _opened,
    "replied": _replied,
    "resolved": _resolved,
    "reopened": _reopened,
    "escalated": _escalated,
    "timed": _timed,
}

_ACCOUNT: dict[str, Callable[[Delivery, str], Letter]] = {
    "reset": _reset,
    "invitation": _invitation,
    "account": _account,
    **approvals.LETTERS,
}
