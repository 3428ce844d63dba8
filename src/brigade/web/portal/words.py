"""What happens next, and when, in the words of whoever asked. Never a state, never a group.

Everything here follows from the category of a state and the reason it waits, so
it holds for every recipe, however an organisation calls its states.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.web.shell.times import localtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.portal import Ask

REPLY, CONFIRM = "reply", "confirm"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where it stands: a sentence on now, one on next, and what is wanted of the reader."""

    now: str
    then: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the reader's requests in a list."""

    ask: Ask
    standing: Standing
    asked_by: str


def line(ask: Ask, reader: Person) -> Line:
    """Return an ask as a line of a list; somebody else's carries their name."""
    mine = ask.requester_id == reader.pk
    return Line(ask, standing(ask, reader), "" if mine else ask.requester)


def standing(ask: Ask, reader: Person) -> Standing:
    """Return where something stands for this reader, who may or may not have asked for it."""
    mine = ask.requester_id == reader.pk
    match ask.category:
        case "new":
            return _new(ask)
        case "active":
            return _active(ask)
        case "waiting":
            return _waiting(ask, mine)
        case "resolved":
            return _resolved(ask, mine)
        case "cancelled":
            day = localtime(ask.closed_at, "day")
            return Standing(_("Cancelled on %(day)s.") % {"day": day})
        case _:
            day = localtime(ask.closed_at or ask.resolved_at, "day")
            return Standing(_("Fixed, and closed on %(day)s.") % {"day": day})


def _new(ask: Ask) -> Standing:
    if ask.urgent:
        return Standing(
            _("We have your report. It is urgent, so it comes before other work."),
            _("You will read here who takes it on, and what we find."),
        )
    return Standing(
        _("We have your report. Next, somebody takes it on."),
        _("You will read here who that is, and what we find."),
    )


def _active(ask: Ask) -> Standing:
    then = _("You need do nothing now. When there is news, you read it here.")
    if ask.assignee:
        return Standing(_("%(name)s is working on it.") % {"name": ask.assignee}, then)
    return Standing(_("It is being worked on."), then)


def _waiting(ask: Ask, mine: bool) -> Standing:
    if ask.waits_for == "requester" and mine:
        return Standing(
            _("We asked you something and wait for your answer."),
            _("Work goes on as soon as you answer."),
            REPLY,
        )
    if ask.waits_for == "requester":
        return Standing(_("We wait for an answer from %(name)s.") % {"name": ask.requester})
    if ask.moves_at is not None:
        day = localtime(ask.moves_at, "day")
        return Standing(_("Work on it goes on on %(day)s.") % {"day": day})
    now = {
        "provider": _("We wait for a supplier."),
        "change": _("It will be fixed by a change that is being prepared."),
        "scheduled": _("Work on it goes on at the date agreed."),
    }.get(ask.waits_for, _("It cannot go on just now."))
    return Standing(now, _("You need do nothing now. When there is news, you read it here."))


def _resolved(ask: Ask, mine: bool) -> Standing:
    if not mine:
        return Standing(_("Fixed, as far as we know."), _until(ask, _("It is closed on %(day)s.")))
    return Standing(
        _("Fixed, as far as we know. Does it work for you?"),
        _until(ask, _("Without an answer it is closed on %(day)s.")),
        CONFIRM,
    )


def _until(ask: Ask, sentence: str) -> str:
    return sentence % {"day": localtime(ask.moves_at, "day")} if ask.moves_at else ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: `status` is done, now or todo."""

    label: str
    note: str
    status: str


def steps(record: Record, ask: Ask, reader: Person) -> list[Step]:
    """Return the way from reported to closed, with what is behind and what is to come."""
    reported = Step(_reported(record, reader), localtime(record.opened_at), "done")
    if ask.category == "cancelled":
        reason = record.data.get("cancel_reason") or ""
        return [reported, Step(_("Cancelled"), str(reason), "now")]
    place = {"new": 0, "active": 1, "waiting": 1, "resolved": 2}.get(ask.category, 4)
    if place == 0:
        reported = Step(reported.label, reported.note, "now")
    return [reported, *_rest(record, ask, place)]


def _rest(record: Record, ask: Ask, place: int) -> Iterator[Step]:
    labels = (_("Being worked on"), _("Fixed"), _("Closed"))
    moments = (record.active_at, record.resolved_at, record.closed_at)
    to_come = ("", _("You are asked whether it works."), _("When you say that it works."))
    if ask.category == "resolved" and ask.moves_at:
        day = localtime(ask.moves_at, "day")
        to_come = (*to_come[:2], _("When you say that it works, or on %(day)s.") % {"day": day})
    for number, (label, at, later) in enumerate(zip(labels, moments, to_come, strict=True), 1):
        status = "done" if number < place else "now" if number == place else "todo"
        if status == "todo":
            yield Step(label, later, status)
        elif number == 1 and ask.assignee:
            yield Step(label, _("by %(name)s") % {"name": ask.assignee}, status)
        else:
            yield Step(label, localtime(at), status)


def _reported(record: Record, reader: Person) -> str:
    if record.requester_id != reader.pk:
        name = record.requester.name if record.requester else ""
        return _("%(name)s reported it") % {"name": name} if name else _("Reported")
    if record.opened_by_id not in (None, reader.pk):
        return _("We took it down for you")
    return _("You reported it")
