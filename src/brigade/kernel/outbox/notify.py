"""Who hears of a happening, and by which way: messages for the verbs to queue.

The recipe says which roles are told of an event; this turns roles into people
and people into rows. It sends nothing and reads nothing but the arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brigade.kernel.outbox.rows import OutboxRow

HOLD_SECONDS = 10
"""How long mail waits, so that what caused it can still be undone."""

SILENT_ORIGINS = frozenset({"import", "simulation"})
"""Ways in that tell of the past: nobody gets a message about it."""

ASSIGNED = "assigned"
ANSWERED = "answered"
ALWAYS_TOLD: Mapping[str, tuple[str, ...]] = {
    ASSIGNED: ("assignee",),
    ANSWERED: ("assignee",),
}
"""Notices that do not depend on the recipe: work handed to you, an answer to your question."""

WATCHED = frozenset({"replied", "resolved", "reopened", "closed", "cancelled", ANSWERED})
"""Events that those who watch a record see in their inbox; all of them are public."""

CONFIRMED_TO_ACTOR = frozenset({"opened"})
"""Events whose mail also goes to the person who caused them, as a receipt."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """The people behind the roles that a recipe can name, by id."""

    requester: int | None = None
    assignee: int | None = None
    team_leads: Sequence[int] = ()
    watchers: Sequence[int] = ()
    others: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def holders(self, role: str) -> tuple[int, ...]:
        """Return who stands behind `role`; a role that nobody holds tells nobody."""
        one = {"requester": self.requester, "assignee": self.assignee}
        if role in one:
            person = one[role]
            return () if person is None else (person,)
        many = {
            "team_lead": self.team_leads,
            "watcher": self.watchers,
            "watchers": self.watchers,
        }
        return tuple(many[role] if role in many else self.others.get(role, ()))


def rows_for(
    event: str,
    *,
    notify: Mapping[str, Sequence[str]],
    concerned: Concerned,
    by_id: int | None,
    origin: str,
    payload: Mapping[str, Any] | None = None,
) -> list[OutboxRow]:
    """Return the messages that `event` causes: mail and a notice for those the recipe names.

    `notify` is the recipe's map of event to roles. Nobody is told of what they
    did themselves, save for the receipt of a report. Each person is told once,
    whatever roles they hold. The rows carry no key of their own: the statement
    that writes the journal entry names them after it.
    """
    if origin in SILENT_ORIGINS:
        return []
    named = _people(notify.get(event, ()), concerned)
    mailed = [p for p in named if p != by_id or event in CONFIRMED_TO_ACTOR]
    always = _people(ALWAYS_TOLD.get(event, ()), concerned)
    watching = concerned.watchers if event in WATCHED else ()
    noticed = [p for p in dict.fromkeys([*named, *always, *watching]) if p != by_id]
    return [
        *(_row("mail", event, person, HOLD_SECONDS, payload) for person in mailed),
        *(_row("notice", event, person, 0, payload) for person in noticed),
    ]


def _people(roles: Iterable[str], concerned: Concerned) -> list[int]:
    return list(dict.fromkeys(person for role in roles for person in concerned.holders(role)))


def _row(
    channel: str, event: str, person_id: int, hold_seconds: int, payload: Mapping[str, Any] | None
) -> OutboxRow:
    return OutboxRow(
        channel=channel,
        topic=event,
        recipient_id=person_id,
        hold_seconds=hold_seconds,
        payload=dict(payload or {}),
    )
