"""A record's journal as it is read: what people said, and one line for what they did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from brigade.web.work.record_lines import Line, Reader
from brigade.web.work.record_words import channel_label

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import JournalEntry
    from brigade.kernel.records.naming import Names
    from brigade.kernel.records.reading import Reading

FOLD = 5
"""More lines than this in a row are folded."""

FILTERS = {
    "": lazy("Everything"),
    "requester": lazy("With requester"),
    "internal": lazy("Internal"),
}
"""What the journal shows, by its name in the address."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something somebody wrote. `tone` is "note" for what only the desk reads."""

    number: int
    name: str
    role: str
    channel: str
    tone: str
    at: datetime
    body: str


@dataclass(slots=True)
class Folded:
    """Lines in a row; with a summary they are folded behind it."""

    lines: list[Line] = field(default_factory=list)
    summary: str = ""


Item = Said | Folded


def journal(
    reading: Reading,
    recipe: CompiledRecipe,
    names: Names,
    shown: str = "",
    besides: Collection[int] = (),
) -> list[Item]:
    """Return the journal's items oldest first, without the entries `besides`.

    `shown` is a key of FILTERS.
    """
    reader = Reader(recipe, names, internal=reading.internal)
    items: list[Item] = []
    for entry in reading.entries:
        if not _wanted(entry, shown) or entry.number in besides:
            continue
        written = list(said(entry, reading))
        if entry.kind == "opened":
            items.extend(written)
        _add(items, reader.lines(entry))
        if entry.kind != "opened":
            items.extend(written)
    for item in items:
        if isinstance(item, Folded) and len(item.lines) > FOLD:
            item.summary = _summary(item.lines)
    return items


def _add(items: list[Item], lines: list[Line]) -> None:
    """Put lines to those before them, where nothing was said in between."""
    if not lines:
        return
    last = items[-1] if items else None
    if not isinstance(last, Folded):
        last = Folded()
        items.append(last)
    last.lines += lines


def _wanted(entry: JournalEntry, shown: str) -> bool:
    if shown == "requester":
        return entry.visibility == "public"
    return shown != "internal" or entry.visibility != "public"


def _summary(lines: list[Line]) -> str:
    return ngettext("%(n)d event", "%(n)d events", len(lines)) % {"n": len(lines)}


def said(entry: JournalEntry, reading: Reading) -> Iterator[Said]:
    """Yield what an entry says in somebody's own words: the report, a reply, a resolution."""
    if entry.kind in ("opened", "said", "moved") and (entry.body or "").strip():
        yield _said(entry, reading, entry.body or "", _channel(entry, reading))
    resolution = (entry.changes or {}).get("resolution")
    if entry.kind == "moved" and resolution and resolution[1]:
        yield _said(entry, reading, str(resolution[1]), _("Resolution"))


def _said(entry: JournalEntry, reading: Reading, body: str, channel: str) -> Said:
    return Said(
        number=entry.number,
        name=entry.actor.name if entry.actor else _("Nobody"),
        role=_role(entry, reading),
        channel=channel,
        tone="" if entry.visibility == "public" else "note",
        at=entry.at,
        body=body,
    )


def _role(entry: JournalEntry, reading: Reading) -> str:
    record = reading.record
    requester = record.requester.name if record.requester else ""
    if entry.actor_id == record.requester_id:
        title = entry.actor.title if entry.actor else ""
        return title or _("Requester")
    if entry.visibility != "public":
        return entry.actor.title if entry.actor else ""
    if entry.kind == "opened":
        return _("for %(name)s") % {"name": requester} if requester else ""
    return _("to %(name)s") % {"name": requester} if requester else ""


def _channel(entry: JournalEntry, reading: Reading) -> str:
    if entry.kind == "opened":
        return channel_label(reading.record.channel) if reading.record.channel else ""
    return "" if entry.origin in ("page", "simulation") else channel_label(entry.origin)


def newer(entries: Iterable[JournalEntry], reading: Reading) -> list[dict[str, Any]]:
    """Return what others said meanwhile, for the page that asks to read it before sending."""
    return [
        {"name": one.name, "at": one.at, "body": one.body, "number": one.number, "role": one.role}
        for entry in entries
        for one in said(entry, reading)
    ]
