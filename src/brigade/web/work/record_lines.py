"""What somebody did to a record, as one grey line each: whole sentences, never joined ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.recipes.words import timer_in_words
from brigade.web.approvals.words import approval_sentence
from brigade.web.work.clock_words import clock_name
from brigade.web.work.record_words import field_label, link_label, value_words

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import JournalEntry
    from brigade.kernel.records.naming import Names

LONG = 80
"""A value of more characters is not repeated in its line."""

ICONS = {
    "opened": "inbox", "moved": "git-branch", "changed": "pencil", "assigned": "user",
    "linked": "link", "attached": "paperclip", "task": "circle-check", "watched": "eye",
    "erased": "trash-2", "escalated": "triangle-alert", "clocks": "clock",
    "timed": "clock", "approval": "gavel", "migrated": "git-branch",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `text` may hold markup."""

    number: int
    text: Markup
    at: datetime
    icon: str


def sentence(template: str, **parts: Any) -> Markup:
    """Return a sentence with its parts in bold; the parts are escaped, the sentence is ours."""
    return Markup(template) % {name: Markup("<b>{}</b>").format(it) for name, it in parts.items()}


class Reader:
    """Reads entries of one record aloud."""

    def __init__(self, recipe: CompiledRecipe, names: Names, *, internal: bool) -> None:
        self.recipe = recipe
        self.names = names
        self.kept = frozenset() if internal else recipe.internal_own()

    def lines(self, entry: JournalEntry) -> list[Line]:
        """Return the lines of an entry; none where it only says something."""
        icon = ICONS.get(entry.kind, "zap")
        return [Line(entry.number, text, entry.at, icon) for text in self._texts(entry)]

    def _texts(self, entry: JournalEntry) -> Iterator[Markup]:
        actor = entry.actor.name if entry.actor else _("Nobody")
        if entry.erased_at is not None:
            yield sentence(
                _("What %(actor)s wrote here was erased: %(reason)s"),
                actor=actor,
                reason=entry.erased_reason,
            )
            return
        changes = {
            name: change
            for name, change in (entry.changes or {}).items()
            if isinstance(change, list) and name not in self.kept
        }
        reader = {
            "opened": self._opened, "moved": self._moved, "changed": self._changed,
            "assigned": self._assigned, "linked": self._linked, "attached": self._attached,
            "task": self._task, "watched": self._watched, "erased": self._erased,
            "escalated": self._escalated, "clocks": self._clocks,
            "timed": self._timed, "approval": self._approval, "migrated": self._migrated,
        }.get(entry.kind)  # fmt: skip
        if reader is not None:
            yield from reader(entry, actor, changes)

    def _words(self, name: str, value: Any) -> str:
        return value_words(self.recipe, name, value, self.names)

    def _opened(self, entry: JournalEntry, actor: str, changes: dict[str, Any]) -> Iterator[Markup]:
        if not (entry.body or "").strip():
            yield sentence(_("%(actor)s opened this"), actor=actor)
        yield from self._priority(changes)

    def _priority(self, changes: dict[str, Any]) -> Iterator[Markup]:
        before, after = changes.get("priority", (None, None))
        if after is not None and before is None:
            yield sentence(_("Priority set to %(word)s"), word=self._words("priority", after))
        elif after is not None:
            yield sentence(
                _("Priority became %(word)s, it was %(before)s"),
                word=self._words("priority", after),
                before=self._words("priority", before),
            )

    def _moved(self, entry: JournalEntry, actor: str, changes: dict[str, Any]) -> Iterator[Markup]:
        rest = dict(changes)
        after = rest.pop("state", (None, None))[1]
        assignee = rest.pop("assignee", (None, None))[1]
        reason = rest.pop("waiting_reason", (None, None))[1]
        cancelled = rest.pop("cancel_reason", (None, None))[1]
        rest.pop("resolution", None)
        version = rest.pop("recipe_version", None)
        state = self._words("state", after)
        if after is None:
            step = self.recipe.label(entry.transition)
            yield sentence(_("%(actor)s took the step %(step)s"), actor=actor, step=step)
        elif assignee is not None and assignee == entry.actor_id:
            yield sentence(
                _("%(actor)s took it and moved it to %(state)s"), actor=actor, state=state
            )
        elif reason is not None and self.recipe.category(after) == "waiting":
            yield sentence(
                _("%(actor)s put it on hold, waiting for: %(reason)s"),
                actor=actor,
                reason=self._words("waiting_reason", reason),
            )
        elif cancelled:
            yield sentence(_("%(actor)s cancelled it: %(reason)s"), actor=actor, reason=cancelled)
        else:
            yield sentence(_("%(actor)s moved it to %(state)s"), actor=actor, state=state)
        if version is not None:
            yield from self._migrated(entry, actor, {"recipe_version": version})
        yield from self._changed(entry, actor, rest)

    def _assigned(
        self, entry: JournalEntry, actor: str, changes: dict[str, Any]
    ) -> Iterator[Markup]:
        team = changes.get("team", (None, None))[1]
        before, person = changes.get("assignee", (None, None))
        words = {"actor": actor, "team": self._words("team", team)}
        words["person"] = self._words("assignee", person if person is not None else before)
        if team is not None and person is not None:
            yield sentence(_("%(actor)s gave it to %(person)s of %(team)s"), **words)
        elif team is not None:
            yield sentence(_("%(actor)s handed it to %(team)s"), **words)
        elif person is not None and person == entry.actor_id:
            yield sentence(_("%(actor)s took it"), **words)
        elif person is not None:
            yield sentence(_("%(actor)s gave it to %(person)s"), **words)
        else:
            yield sentence(_("%(actor)s took %(person)s off it"), **words)

    def _changed(
        self, entry: JournalEntry, actor: str, changes: dict[str, Any]
    ) -> Iterator[Markup]:
        yield from self._priority(changes)
        for name, (before, after) in changes.items():
            if name != "priority":
                yield self._change(actor, name, self._words(name, before), self._words(name, after))

    def _change(self, actor: str, name: str, before: str, after: str) -> Markup:
        words = {"actor": actor, "field": field_label(self.recipe, name)}
        if not after:
            return sentence(_("%(actor)s emptied %(field)s"), **words)
        if len(before) + len(after) > LONG:
            return sentence(_("%(actor)s changed %(field)s"), **words)
        if not before:
            return sentence(_("%(actor)s set %(field)s to %(after)s"), after=after, **words)
        return sentence(
            _("%(actor)s changed %(field)s from %(before)s to %(after)s"),
            before=before,
            after=after,
            **words,
        )

    def _linked(self, entry: JournalEntry, actor: str, changes: dict[str, Any]) -> Iterator[Markup]:
        for name, (before, after) in changes.items():
            _prefix, _dot, rest = name.partition(".")
            type_, _dot, end = rest.partition(".")
            words = {
                "actor": actor,
                "relation": link_label(type_, back=end == "from"),
                "number": after or before,
            }
            if after:
                yield sentence(_("%(actor)s linked it: %(relation)s, %(number)s"), **words)
            else:
                yield sentence(_("%(actor)s unlinked it: %(relation)s, %(number)s"), **words)

    def _attached(
        self, entry: JournalEntry, actor: str, changes: dict[str, Any]
    ) -> Iterator[Markup]:
        file = changes.get("file", (None, None))[1]
        if isinstance(file, dict):
            name = file.get("name", "")
            text = (
                _("%(actor)s attached %(file)s")
                if entry.visibility == "public"
                else _("%(actor)s attached %(file)s for the desk alone")
            )
            yield sentence(text, actor=actor, file=name)

    def _task(self, entry: JournalEntry, actor: str, changes: dict[str, Any]) -> Iterator[Markup]:
        before, after = changes.get("task", (None, None))
        title = changes.get("task.title", (None, ""))[1]
        text = {
            "done": _("%(actor)s did the task %(task)s"),
            "skipped": _("%(actor)s skipped the task %(task)s"),
            "open": _("%(actor)s opened the task %(task)s again"),
        }.get(str(after), _("%(actor)s added the task %(task)s"))
        if before is None:
            text = _("%(actor)s added the task %(task)s")
        yield sentence(text, actor=actor, task=title)

    def _watched(
        self, entry: JournalEntry, actor: str, changes: dict[str, Any]
    ) -> Iterator[Markup]:
        before, after = changes.get("watcher", (None, None))
        words = {"actor": actor, "person": self._words("watcher", after or before)}
        own = (after or before) == entry.actor_id
        if after is not None:
            text = _("%(actor)s began to watch") if own else _("%(actor)s let %(person)s watch")
        elif own:
            text = _("%(actor)s stopped watching")
        else:
            text = _("%(actor)s ended the watching of %(person)s")
        yield sentence(text, **words)

    def _erased(self, entry: JournalEntry, actor: str, changes: dict[str, Any]) -> Iterator[Markup]:
        number = changes.get("entry", (None, None))[0]
        yield sentence(
            _("%(actor)s erased what entry %(number)s said: %(reason)s"),
            actor=actor,
            number=number,
            reason=entry.body or "",
        )

    def _escalated(
        self, entry: JournalEntry, actor: str, changes: dict[str, Any]
    ) -> Iterator[Markup]:
        clock = clock_name(self.recipe, str(changes.get("clock", (None, ""))[1] or ""))
        share = changes.get("share", (None, None))[1]
        if share in (None, ""):
            yield sentence(_("%(clock)s escalated"), clock=clock)
        elif str(share).rstrip("%").strip() == "100":
            yield sentence(_("%(clock)s has used up what was promised"), clock=clock)
        elif str(share).rstrip("% ").isdecimal():
            share = f"{str(share).rstrip('% ')} %"
            yield sentence(
                _("%(clock)s has used %(share)s of what was promised"), clock=clock, share=share
            )
        else:
            yield sentence(_("%(clock)s escalated: %(mark)s"), clock=clock, mark=share)

    def _approval(
        self, entry: JournalEntry, actor: str, changes: dict[str, Any]
    ) -> Iterator[Markup]:
        template, parts = approval_sentence(entry, actor)
        yield sentence(template, **parts)

    def _timed(self, entry: JournalEntry, actor: str, changes: dict[str, Any]) -> Iterator[Markup]:
        timer = self.recipe.timers.get(str(changes.get("timer", (None, ""))[1] or ""))
        does = timer_in_words(self.recipe, timer) if timer else ""
        yield sentence(_("A timer was due. %(does)s"), does=does)

    def _clocks(self, entry: JournalEntry, actor: str, changes: dict[str, Any]) -> Iterator[Markup]:
        yield sentence(
            _("%(actor)s changed a target or a calendar, so the clocks were counted again"),
            actor=actor,
        )

    def _migrated(
        self, entry: JournalEntry, actor: str, changes: dict[str, Any]
    ) -> Iterator[Markup]:
        rest = dict(changes)
        version = recipe_version(rest.pop("recipe_version")[1]).version
        yield sentence(
            _("%(actor)s moved it to version %(version)s of its recipe"),
            actor=actor,
            version=version,
        )
        yield from self._changed(entry, actor, rest)
