"""How a step becomes a journal entry: what it says, to whom, and which words it adds."""

from __future__ import annotations

from typing import Any

from brigade.kernel.records.canonical import check_text
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.work.step import Step

SEARCHED = ("title", "description", "resolution", "cancel_reason", "category")
"""Fields whose words a record is found by."""

PUBLIC_FIELDS = frozenset(
    {"title", "description", "resolution", "cancel_reason", "state", "priority", "service"}
)
"""Fields that a requester may be shown and may find a record by."""


def entry_of(
    step: Step, kind: str, visibility: str, *, transition: str = "", body: str | None = None
) -> EntryRow:
    """Return the entry for a decided step, with its messages."""
    changes = step.changes()
    if step.tasks:
        titles = ", ".join(title for title, _person in step.tasks)
        changes |= {"task": [None, "open"], "task.title": [None, titles]}
    words = _words(changes, SEARCHED)
    public_words = _words(changes, tuple(name for name in SEARCHED if name in PUBLIC_FIELDS))
    text = check_text(body or "", "body")
    return EntryRow(
        at=step.way.at,
        actor_id=step.way.by.pk,
        os_user=step.way.os_user,
        kind=kind,
        transition=transition,
        visibility=visibility,
        origin=step.way.origin,
        body=text or None,
        changes=changes or None,
        words=" ".join(filter(None, (text, words))),
        public_words=" ".join(filter(None, (text if visibility == "public" else "", public_words))),
        outbox=step.outbox(),
    )


def _words(changes: dict[str, list[Any]], names: tuple[str, ...]) -> str:
    return " ".join(str(changes[name][1]) for name in names if name in changes and changes[name][1])
