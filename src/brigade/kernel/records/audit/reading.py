"""The journal across all subjects, for whoever audits: newest first, page by page.

An auditor and an administrator see that every entry exists. What an entry of a
record says they read only where that record is open to them: of a confidential
one stands here that something happened, when and by whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from brigade.kernel.parties.access import holds, may_administer
from brigade.kernel.parties.models import ApiToken, Organisation, Person, Relation, RoleGrant, Team
from brigade.kernel.recipes.models import Adoption, RecipeDraft, RecipeVersion
from brigade.kernel.records.access import records_open_to_desk
from brigade.kernel.records.models import JournalEntry, Seal
from brigade.kernel.refused import NotPermitted
from brigade.kernel.services.models import Offering, Service

if TYPE_CHECKING:
    from django.db.models import Model

RECORDS = "record"
CONFIGURATION = "configuration"
"""What a journal may be narrowed to, beside the type of one subject."""

_BELOW = "(records_journalentry.at, records_journalentry.id) < (%s::timestamptz, %s::bigint)"

Place = tuple[datetime, int]
"""Where a page ended: instant and id of its last entry."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; what is empty leaves the question open. The period is half open."""

    about: str = ""
    subject: int | None = None
    who: int | None = None
    since: datetime | None = None
    before: datetime | None = None


def may_audit(person: Person) -> bool:
    """Tell whether the person may read the journal across subjects."""
    return may_administer(person) or holds(person, "auditor")


def require_audit(person: Person) -> None:
    """Refuse anybody else."""
    if not may_audit(person):
        raise NotPermitted("not_permitted", _("The audit is open to auditors and administrators."))


def audit_page(
    person: Person, wanted: AuditFilter, *, after: Place | None = None, size: int = 50
) -> tuple[list[JournalEntry], Place | None]:
    """Return a page of entries, newest first, and the place of its last one if more follow."""
    require_audit(person)
    found = _filtered(wanted)
    if after is not None:
        found = found.filter(RawSQL(_BELOW, list(after), output_field=BooleanField()))
    rows = list(found[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return rows[:size], (last.at, last.pk) if last else None


def _filtered(wanted: AuditFilter) -> QuerySet[JournalEntry]:
    found = JournalEntry.objects.select_related("actor", "record", "erased_by")
    if wanted.about == RECORDS:
        found = found.filter(record__isnull=False)
    elif wanted.about == CONFIGURATION:
        found = found.filter(record__isnull=True)
    elif wanted.about:
        found = found.filter(record__isnull=True, subject_type=wanted.about)
        if wanted.subject is not None:
            found = found.filter(subject_id=wanted.subject)
    if wanted.who is not None:
        found = found.filter(actor_id=wanted.who)
    if wanted.since is not None:
        found = found.filter(at__gte=wanted.since)
    if wanted.before is not None:
        found = found.filter(at__lt=wanted.before)
    return found.order_by("-at", "-id")


def readable_records(person: Person, entries: Sequence[JournalEntry]) -> set[int]:
    """Return the ids of those records of which the person may read everything."""
    ids = {entry.record_id for entry in entries if entry.record_id}
    return set(records_open_to_desk(person).filter(pk__in=ids).values_list("pk", flat=True))


def seals_page(
    person: Person, *, before: int | None = None, size: int = 50
) -> tuple[list[Seal], int | None]:
    """Return a page of seals, newest first, and the `before` of the next one, if any."""
    require_audit(person)
    found = Seal.objects.order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


_PLAIN: Mapping[str, tuple[type[Model], str]] = {
    "person": (Person, "name"),
    "organisation": (Organisation, "name"),
    "team": (Team, "name"),
    "service": (Service, "name"),
    "service_customer": (Service, "name"),
    "offering": (Offering, "name"),
    "adoption": (Adoption, "key"),
    "recipe_draft": (RecipeDraft, "key"),
    "relation": (Relation, "person__name"),
    "role_grant": (RoleGrant, "person__name"),
    "api_token": (ApiToken, "person__name"),
}
"""Where the name of a subject stands; one of a higher room has none here."""

_PEOPLE = (
    "person_id", "other_id", "owner_id", "head_id", "escalate_to_id", "approval.deputy_for",
)  # fmt: skip
_COLUMNS: Mapping[str, tuple[type[Model], str]] = {
    **dict.fromkeys(
        (
            f"{deed}_by_id"
            for deed in (
                "granted",
                "approved",
                "made",
                "decided",
                "signed",
                "chosen",
                "opened",
                "changed",
                "submitted",
                "closed",
            )
        ),
        (Person, "name"),
    ),
    **dict.fromkeys(_PEOPLE, (Person, "name")),
    **dict.fromkeys(("team_id", "default_team_id", "body_id"), (Team, "name")),
    **dict.fromkeys(("organisation_id", "parent_id"), (Organisation, "name")),
    "service_id": (Service, "name"),
    **dict.fromkeys(("version_id", "base_id"), (RecipeVersion, "version")),
}
"""Columns of configuration that hold an id."""


@dataclass(frozen=True, slots=True)
class AuditNames:
    """Names behind subjects, as (type, id), and behind the ids in their columns."""

    subjects: Mapping[tuple[str, int], str]
    values: Mapping[tuple[str, int], str]
    codes: Mapping[int, str]

    def value(self, column: str, value: Any) -> str | None:
        """Return the name behind the value of a column, or None where it holds no id."""
        if column not in _COLUMNS or not isinstance(value, int):
            return None
        return self.values.get((column, value), f"#{value}")


def audit_names(entries: Sequence[JournalEntry]) -> AuditNames:
    """Return the names that entries of configuration mention: one statement a kind of thing."""
    wanted: dict[tuple[type[Model], str], set[int]] = {}
    for entry in entries:
        where = _PLAIN.get(entry.subject_type or "")
        if where is not None and entry.subject_id is not None:
            wanted.setdefault(where, set()).add(entry.subject_id)
        for column, value in _ids(entry):
            wanted.setdefault(_COLUMNS[column], set()).add(value)
    known = {
        where: dict(where[0]._default_manager.filter(pk__in=ids).values_list("pk", where[1]))
        for where, ids in wanted.items()
    }
    subjects = {
        (kind, key): name
        for kind, where in _PLAIN.items()
        for key, name in known.get(where, {}).items()
    }
    values = {
        (column, key): name
        for column, where in _COLUMNS.items()
        for key, name in known.get(where, {}).items()
    }
    services = {key for (kind, key) in subjects if kind == "service"}
    codes = dict(Service.objects.filter(pk__in=services).values_list("pk", "code"))
    return AuditNames(subjects, values, codes)


def _ids(entry: JournalEntry) -> list[tuple[str, int]]:
    if entry.record_id is not None:
        return []
    return [
        (column, value)
        for column, change in (entry.changes or {}).items()
        if column in _COLUMNS and isinstance(change, list)
        for value in change
        if isinstance(value, int) and not isinstance(value, bool)
    ]
