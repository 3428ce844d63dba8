"""What would become of the running records: the list to read before anything is moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from brigade.kernel.records.access import records_visible_to
from brigade.kernel.work.step import Way
from brigade.kernel.work.versions.deciding import Migration
from brigade.kernel.work.versions.fates import Fate
from brigade.kernel.work.versions.queries import elsewhere

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a plan: where it stands, where it would, what it is given, why it stays."""

    number: str
    title: str
    version: int
    state: str
    to: str
    given: Mapping[str, Any]
    reason: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the records that are under way with other versions, those that stay first.

    Of `running` records `moving` come along and `pinned` stay, counted by reason. Lines
    name only records that the reader may see, at most `MOST_SHOWN`.
    """

    key: str
    version: int
    running: int
    moving: int
    pinned: int
    reasons: Mapping[str, int]
    lines: tuple[Line, ...]


def plan_migration(
    key: str,
    *,
    by: Person,
    states: Mapping[str, str] | None = None,
    defaults: Mapping[str, Any] | None = None,
    draft: bool = False,
) -> Plan:
    """Say what would become of every running record, and change nothing.

    Without `states` and `defaults` this is the safe way: a record comes along as it
    stands. With `draft` they are taken to the open draft, as if it ran already. Invalid
    where a state or a field of them is not of that version.
    """
    migration = Migration.asked(key, Way.of(by, "page", None), states, defaults, draft=draft)
    fates = (
        (record, migration.decide(record)[1])
        for batch in elsewhere(key, migration.version)
        for record in batch
    )
    return plan_of(key, migration.version, fates, by)


def plan_of(key: str, version: int, fates: Iterable[tuple[Record, Fate]], by: Person) -> Plan:
    """Add up what becomes of records, and list those that the reader may see."""
    decided = list(fates)
    decided.sort(key=lambda one: (not one[1].reason, one[0].pk))
    reasons = Counter(fate.reason for _record, fate in decided if fate.reason)
    shown = decided[:MOST_SHOWN]
    rows = records_visible_to(by).filter(pk__in=[record.pk for record, _fate in shown])
    seen = set(rows.values_list("pk", flat=True))
    return Plan(
        key=key,
        version=version,
        running=len(decided),
        moving=len(decided) - reasons.total(),
        pinned=reasons.total(),
        reasons=dict(reasons.most_common()),
        lines=tuple(_line(record, fate) for record, fate in shown if record.pk in seen),
    )


def _line(record: Record, fate: Fate) -> Line:
    return Line(
        record.number,
        record.title,
        record.recipe_version_id,
        record.state,
        fate.state,
        fate.given,
        fate.reason,
        fate.fields,
    )
