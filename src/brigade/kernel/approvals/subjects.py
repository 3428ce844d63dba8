"""What an approval is about: a typed reference, and what follows from what it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brigade.kernel.parties.lookups import relations_at
from brigade.kernel.parties.models import Relation
from brigade.kernel.recipes.models import Adoption, RecipeDraft
from brigade.kernel.records.models import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from brigade.kernel.approvals.models import Approval

RECORD = "record"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is decided on: ("record", its id), or a kind and id of configuration."""

    kind: str
    id: int


def record_of(approval: Approval) -> Record | None:
    """Return the record that is decided on, None where it is configuration. Unscoped."""
    if approval.subject_kind != RECORD:
        return None
    return Record.objects.select_related("requester", "service").get(pk=approval.subject_id)


def practice_of(approval: Approval) -> str:
    """Return the key of the practice whose draft or adoption is decided on, empty for others."""
    rows = {"recipe_draft": RecipeDraft.objects, "adoption": Adoption.objects}
    found = rows.get(approval.subject_kind)
    if found is None:
        return ""
    return found.filter(pk=approval.subject_id).values_list("key", flat=True).first() or ""


def kinds_of(approval: Approval) -> tuple[str, ...]:
    """Return the kinds under which a room may have registered what follows, narrowest first."""
    record = record_of(approval)
    return (approval.subject_kind,) if record is None else (record.kind, RECORD)


def parts_in(subject: Subject, named: Mapping[str, Iterable[int]]) -> dict[str, list[int]]:
    """Return who has a part in a subject, by part: those named, and a record's own people.

    Who asked for a record is its requester, who works on it its implementer.
    """
    found = {part: set(ids) for part, ids in named.items()}
    if subject.kind == RECORD:
        row = Record.objects.values_list("requester_id", "assignee_id").get(pk=subject.id)
        for part, person in zip(("requester", "implementer"), row, strict=True):
            if person is not None:
                found.setdefault(part, set()).add(person)
    return {part: sorted(ids) for part, ids in found.items()}


def deputies_by_principal(people: Iterable[int], at: datetime) -> dict[int, set[int]]:
    """Return who stands in for each of these people at an instant, by the id of the principal."""
    rows = (
        relations_at(at)
        .filter(kind=Relation.Kind.DEPUTISES, other__in=list(people), person__is_active=True)
        .values_list("other_id", "person_id")
    )
    found: dict[int, set[int]] = {}
    for principal, deputy in rows:
        if principal is not None:
            found.setdefault(principal, set()).add(deputy)
    return found
