"""An entry of the journal as an auditor reads it: what it is about, and before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from brigade.kernel.parties.roles import ROLES
from brigade.kernel.recipes.elements import plain_words
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.naming import names_in
from brigade.web.shell.times import localtime
from brigade.web.work.record_words import field_label, instant, value_words

if TYPE_CHECKING:
    from brigade.kernel.records.audit.reading import AuditNames
    from brigade.kernel.records.models import JournalEntry
    from brigade.kernel.records.naming import Names

SUBJECTS: dict[str, str | Promise] = {
    "person": lazy("Person"),
    "organisation": lazy("Organisation"),
    "team": lazy("Team"),
    "relation": lazy("Relation between people"),
    "role_grant": lazy("Role"),
    "api_token": lazy("API token"),
    "installation": lazy("Settings"),
    "service": lazy("Service"),
    "service_customer": lazy("Customers of a service"),
    "offering": lazy("Offering"),
    "adoption": lazy("Adoption of a recipe"),
    "circumstances": lazy("Answers to the seven questions"),
    "small_team": lazy("Small-team mode"),
    "self_approval": lazy("Approval by one person alone"),
    "canned_reply": lazy("Canned reply"),
    "calendar": lazy("Calendar"),
    "target": lazy("Target"),
    "measure_version": lazy("Definition of a figure"),
    "measure_value": lazy("Frozen figure"),
}
DEEDS: dict[str, str | Promise] = {
    "opened": lazy("Opened"),
    "moved": lazy("Moved on"),
    "changed": lazy("Changed"),
    "said": lazy("Wrote"),
    "assigned": lazy("Assigned"),
    "linked": lazy("Linked"),
    "attached": lazy("Attached a file"),
    "task": lazy("Task"),
    "watched": lazy("Watching"),
    "erased": lazy("Erased a text"),
    "escalated": lazy("Escalated"),
    "timed": lazy("Timer"),
    "migrated": lazy("Moved to another version"),
    "insert": lazy("Added"),
    "update": lazy("Changed"),
    "delete": lazy("Removed"),
}
ORIGINS: dict[str, str | Promise] = {
    "page": lazy("on a page"),
    "api": lazy("through the API"),
    "cli": lazy("at the command line"),
    "mail": lazy("by mail"),
    "import": lazy("by import"),
    "system": lazy("by itself"),
    "simulation": lazy("in the example"),
}
COLUMNS: dict[str, str | Promise] = {
    "name": lazy("Name"),
    "email": lazy("Address"),
    "title": lazy("Title"),
    "phone": lazy("Phone"),
    "organisation_id": lazy("Organisation"),
    "is_active": lazy("Active"),
    "is_system": lazy("Operator account"),
    "disabled_at": lazy("Disabled"),
    "pseudonymised_at": lazy("Name taken away"),
    "code": lazy("Code"),
    "kind": lazy("Kind"),
    "parent_id": lazy("Part of"),
    "description": lazy("Description"),
    "person_id": lazy("Person"),
    "team_id": lazy("Team"),
    "other_id": lazy("Other person"),
    "valid_from": lazy("From"),
    "valid_to": lazy("Until"),
    "role": lazy("Role"),
    "scope_type": lazy("Limited to"),
    "scope_id": lazy("Limited to, number"),
    "state": lazy("State"),
    "granted_by_id": lazy("Given by"),
    "approved_by_id": lazy("Approved by"),
    "reason": lazy("Reason"),
    "self_approved": lazy("Without a second person"),
    "created_at": lazy("Made"),
    "prefix": lazy("Beginning of the token"),
    "scopes": lazy("May"),
    "expires_at": lazy("Expires"),
    "revoked_at": lazy("Ended"),
    "timezone": lazy("Time zone"),
    "language": lazy("Language"),
    "default_team_id": lazy("Default team"),
    "mail_from": lazy("Sender address"),
    "support_phone": lazy("Phone for what is urgent"),
    "hours": lazy("Hours"),
    "example_data": lazy("Example data"),
    "setup_done_at": lazy("Set up"),
    "owner_id": lazy("Owner"),
    "criticality": lazy("Criticality"),
    "service_id": lazy("Service"),
    "level": lazy("Level"),
    "key": lazy("Recipe"),
    "version_id": lazy("Version of the recipe"),
    "rationale": lazy("Reason"),
    "provisional": lazy("Provisional"),
    "adopted_at": lazy("Adopted"),
    "facets_on": lazy("Taken beyond the level"),
    "facets_off": lazy("Left out of the level"),
    "waiver": lazy("Level without its evidence"),
    "target_level": lazy("Level aimed at"),
    "review_on": lazy("Look again on"),
    "decided_by_id": lazy("Decided by"),
    "decided_at": lazy("Decided"),
    "headcount": lazy("People who do the work of IT"),
    "customers": lazy("Customers"),
    "vendor_spend": lazy("Most for one vendor in a year, in minor units"),
    "regulated": lazy("Regulated"),
    "services": lazy("Services"),
    "changes": lazy("Changes a month"),
    "on_call": lazy("Somebody on call"),
    "signed_by_id": lazy("Signed by"),
    "signed_at": lazy("Signed"),
    "rules": lazy("Rules"),
    "rule": lazy("Rule"),
    "head_id": lazy("Reads every month"),
    "chosen_by_id": lazy("Chosen by"),
    "chosen_at": lazy("Chosen"),
    "subject": lazy("What"),
    "subject_id": lazy("Number"),
    "at": lazy("When"),
    "body": lazy("Text"),
    "made_by_id": lazy("Made by"),
    "created_by_id": lazy("Made by"),
    "calendar_id": lazy("Calendar"),
    "number": lazy("Number"),
    "zone": lazy("Time zone"),
    "customer_id": lazy("Customer"),
    "offering_id": lazy("Offering"),
    "conditions": lazy("Holds for"),
    "seconds": lazy("Open time"),
    "warn_percent": lazy("Amber from, per cent"),
    "source": lazy("Source"),
    "hours_id": lazy("Hours"),
}
LEFT_OUT = ("id", "version", "sort_name", "series")
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
            "label": field_label(recipe, name),
            "before": _text(value_words(recipe, name, change[0], known)),
            "after": _text(value_words(recipe, name, change[1], known)),
        }
        for name, change in (entry.changes or {}).items()
        if _is_change(change)
    ]
    address = reverse("record", args=[record.number])
    return Line(entry, deed, _("Record"), record.number, address, origin, changes)


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
        str(DEEDS.get(entry.transition, entry.transition)),
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
        if kind == "adoption" and (kind, key) in names.subjects:
            return reverse("recipe", args=[names.subjects[kind, key]])
        return reverse("settings") if kind == "installation" else None
    except NoReverseMatch:
        return None
