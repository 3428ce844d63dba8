"""An entry of the journal as an auditor reads it: what it is about, and before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from brigade.kernel.parties.roles import ROLES
from brigade.kernel.recipes.elements import plain_words
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.naming import names_in
from brigade.web.audit.labels import COLUMNS, DEEDS, ORIGINS, SUBJECTS
from brigade.web.shell.times import localtime
from brigade.web.work.record_words import field_label, instant, value_words

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.audit.reading import AuditNames
    from brigade.kernel.records.models import JournalEntry
    from brigade.kernel.records.naming import Names

LEFT_OUT = ("id", "version", "sort_name", "series", "approval.id")
"""Columns that say nothing to a person."""
FEW = 3
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a row: `hidden` where what it says is not open to the reader."""

    entry: JournalEntry
    deed: str
    about: str
    name: str
    address: str | None
    origin: str
    changes: list[dict[str, Any]] = field(default_factory=list)
    hidden: bool = False

    @property
    def folded(self) -> bool:
        """Tell whether there are so many changes that they are shown when asked for."""
        return len(self.changes) > FEW


def lines(entries: Sequence[JournalEntry], names: AuditNames, readable: set[int]) -> list[Line]:
    """Return entries as rows; the statements are as many for one as for a page of them."""
    of_records = _record_names([each for each in entries if each.record_id in readable])
    return [
        _of_subject(entry, names)
        if entry.record_id is None
        else _of_record(entry, of_records, open_=entry.record_id in readable)
        for entry in entries
    ]


def _record_names(entries: Sequence[JournalEntry]) -> dict[int, Names]:
    by_version: dict[int, list[JournalEntry]] = {}
    for entry in entries:
        if entry.record is not None:
            by_version.setdefault(entry.record.recipe_version_id, []).append(entry)
    return {
        version: names_in(recipe_version(version), each) for version, each in by_version.items()
    }


def _of_record(entry: JournalEntry, names: Mapping[int, Names], *, open_: bool) -> Line:
    deed, origin = str(DEEDS.get(entry.kind, entry.kind)), str(ORIGINS.get(entry.origin, ""))
    if not open_ or entry.record is None:
        return Line(entry, deed, _("A confidential record"), "", None, origin, hidden=True)
    record = entry.record
    recipe = recipe_version(record.recipe_version_id)
    if entry.transition:
        deed = recipe.label(entry.transition)
    known = names[record.recipe_version_id]
    changes = [
        {
            "label": _label(entry, recipe, name),
            "before": _text(value_words(recipe, name, change[0], known)),
            "after": _text(value_words(recipe, name, change[1], known)),
        }
        for name, change in (entry.changes or {}).items()
        if _is_change(change) and name not in LEFT_OUT
    ]
    address = reverse("record", args=[record.number])
    return Line(entry, deed, _("Record"), record.number, address, origin, changes)


def _label(entry: JournalEntry, recipe: CompiledRecipe, name: str) -> str:
    """Return what a change of a record is called; what a decision says is no field of a recipe."""
    decision = entry.kind == "approval" and name in COLUMNS
    return str(COLUMNS[name]) if decision else field_label(recipe, name)


def _of_subject(entry: JournalEntry, names: AuditNames) -> Line:
    kind, key = entry.subject_type or "", entry.subject_id or 0
    changes = [
        {
            "label": str(COLUMNS.get(name) or plain_words(name.removesuffix("_id"))),
            "before": _text(_value(names, name, change[0])),
            "after": _text(_value(names, name, change[1])),
        }
        for name, change in (entry.changes or {}).items()
        if _is_change(change) and name not in LEFT_OUT
    ]
    return Line(
        entry,
        str(DEEDS.get(entry.transition or entry.kind, entry.transition)),
        str(SUBJECTS.get(kind) or plain_words(kind)),
        names.subjects.get((kind, key)) or _said_name(entry) or f"#{key}",
        _address(kind, key, names),
        str(ORIGINS.get(entry.origin, "")),
        changes,
    )


def _said_name(entry: JournalEntry) -> str:
    """Return the name that the entry itself tells, for what is gone or of a higher room."""
    change = (entry.changes or {}).get("name")
    before, after = change if isinstance(change, list) and len(change) == 2 else ("", "")
    return str(after or before or "")


def _is_change(change: Any) -> bool:
    return isinstance(change, list) and len(change) == 2


def _text(words: str) -> str | None:
    """Return words that fit a row; nothing at all where there are none, as `diff` expects."""
    return (words if len(words) <= LONGEST else words[:LONGEST].rstrip() + "…") or None


def _value(names: AuditNames, column: str, value: Any) -> str:
    named = names.value(column, value)
    if named is not None:
        return named
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if column == "role" and value in ROLES:
        return ROLES[value].label
    if column.endswith(("_at", "_from", "_to")) and (at := instant(value)):
        return localtime(at)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _address(kind: str, key: int, names: AuditNames) -> str | None:
    """Return the page of what an entry is about, where it has one."""
    try:
        if kind in ("person", "team", "organisation") and (kind, key) in names.subjects:
            return reverse(kind, args=[key])
        if kind in ("service", "service_customer") and key in names.codes:
            return reverse("service", args=[names.codes[key]])
        if kind in ("adoption", "recipe_draft") and (kind, key) in names.subjects:
            return reverse("recipe", args=[names.subjects[kind, key]])
        if kind == "decision_right":
            return reverse("decision_right", args=[key])
        return reverse("settings") if kind == "installation" else None
    except NoReverseMatch:
        return None
