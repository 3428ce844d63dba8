"""A record as whoever asked for it reads it: its public side, and whom it waits for.

Nobody reads more here than in the lists and entries of `access`: these are the
same scopes, cut down to what is public even where the reader may see more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from brigade.kernel.instants import NEVER
from brigade.kernel.records.lists import ListFilter, Sort, list_page
from brigade.kernel.records.models import File, JournalEntry, Record, Watcher
from brigade.kernel.records.reading import record_for

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

MESSAGES = 30
"""Messages read at once, the newest; older ones are read with `before`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Where something one asked for stands.

    `category` is the state's category. `waits_for` is the recipe's reason while it
    waits, else empty. `moves_at` is when it will move by itself, if it will.
    """

    number: str
    title: str
    category: str
    requester_id: int | None
    requester: str
    assignee: str
    service: str
    urgent: bool
    waits_for: str
    moves_at: datetime | None
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AsksPage:
    """Some of them, and where the next page begins; None on the last."""

    asks: list[Ask]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """Something said publicly; `solution` marks what the desk says it did."""

    number: int
    actor_id: int | None
    name: str
    at: datetime
    body: str
    solution: bool = False


@dataclass(frozen=True, slots=True)
class AskReading:
    """The public side of one record. Messages are oldest first; `earlier` says there are more."""

    record: Record
    ask: Ask
    messages: list[Message]
    earlier: bool
    files: list[File]
    watchers: list[Watcher]


def _may_be_known_to(person: Person) -> Q:
    """Themselves, their own organisation, whom they let follow; the desk is the desk's affair."""
    known = Q(person=person) | Q(added_by=person)
    if person.organisation_id is not None:
        known |= Q(person__organisation=person.organisation_id)
    return known


def asks_page(
    person: Person, wanted: ListFilter, *, after: str | None = None, limit: int = 25
) -> AsksPage:
    """Return a page of what the filter finds among what a person may read, latest news first.

    `after` is the `next_cursor` of the page before; Invalid for one that is not.
    """
    found = list_page(person, wanted, Sort.UPDATED, after, limit)
    ids = [row["id"] for row in found.rows]
    more = {row["id"]: row for row in Record.objects.filter(pk__in=ids).values(*_MORE)}
    rows = [(row, more[row["id"]]) for row in found.rows if row["id"] in more]
    return AsksPage([_ask(row | rest) for row, rest in rows], found.next_cursor)


_MORE = ("id", "data", "timer_due")


def read_ask(person: Person, number: str, *, before: int | None = None) -> AskReading:
    """Return the public side of the record with this number, or raise Hidden.

    `before` is the number of a message: only what was said before it is read then.
    """
    record = record_for(person, number)
    messages = _messages(record, before)
    names = ("requester", "assignee", "service")
    named = {f"{name}__name": getattr(getattr(record, name), "name", None) for name in names}
    return AskReading(
        record=record,
        ask=_ask(vars(record) | named),
        messages=messages[-MESSAGES:],
        earlier=len(messages) > MESSAGES,
        files=list(
            File.objects.filter(record=record, visibility="public")
            .select_related("added_by")
            .order_by("id")
        ),
        watchers=list(
            Watcher.objects.filter(record=record)
            .filter(_may_be_known_to(person))
            .select_related("person")
            .order_by("person__sort_name", "person_id")
        ),
    )


def _ask(row: Mapping[str, Any]) -> Ask:
    data = row["data"] or {}
    waiting = row["state_category"] == "waiting"
    return Ask(
        number=row["number"],
        title=row["title"],
        category=row["state_category"],
        requester_id=row["requester_id"],
        requester=row["requester__name"] or "",
        assignee=row["assignee__name"] or "",
        service=row["service__name"] or "",
        urgent=bool(data.get("urgent")),
        waits_for=str(data.get("waiting_reason") or "") if waiting else "",
        moves_at=None if row["timer_due"] == NEVER else row["timer_due"],
        opened_at=row["opened_at"],
        updated_at=row["updated_at"],
        resolved_at=row["resolved_at"],
        closed_at=row["closed_at"],
    )


def _messages(record: Record, before: int | None) -> list[Message]:
    """Return one message more than is shown, so that one knows whether there are more."""
    entries = JournalEntry.objects.filter(
        Q(body__isnull=False) | Q(changes__has_key="resolution"),
        record=record,
        visibility="public",
        kind__in=("opened", "said", "moved"),
    )
    if before is not None:
        entries = entries.filter(number__lt=before)
    newest = entries.select_related("actor").order_by("-number")[: MESSAGES + 1]
    return [message for entry in reversed(newest) for message in _said(entry)]


def _said(entry: JournalEntry) -> list[Message]:
    solution = (entry.changes or {}).get("resolution", [None, None])[1]
    texts = [(entry.body, False), (solution, True)]
    return [
        Message(
            number=entry.number,
            actor_id=entry.actor_id,
            name=entry.actor.name if entry.actor else "",
            at=entry.at,
            body=str(text),
            solution=is_solution,
        )
        for text, is_solution in texts
        if text and str(text).strip()
    ]
