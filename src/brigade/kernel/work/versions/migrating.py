"""Moving running records to the version that runs now.

A record that cannot come along keeps its version and ends under the rules it began
under. One that can gets one entry; its clocks keep every second they have counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from brigade.kernel.clocks.engine import Happening
from brigade.kernel.clocks.promises import Book, book
from brigade.kernel.clocks.queries import stored_clocks
from brigade.kernel.clocks.rules import VERSION, happening_of
from brigade.kernel.clocks.ticking import Ticked, tick
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.models import Record
from brigade.kernel.work.step import Step, Way
from brigade.kernel.work.versions.deciding import Migration
from brigade.kernel.work.versions.fates import BUSY, Fate
from brigade.kernel.work.versions.planning import Plan, plan_of
from brigade.kernel.work.versions.queries import elsewhere
from brigade.kernel.work.versions.writes import migrate_rows

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

ATTEMPTS = 4
"""How often a record is read again that others keep writing; then it is left for the next time."""


def migrate_running(
    key: str,
    *,
    by: Person,
    states: Mapping[str, str] | None = None,
    defaults: Mapping[str, Any] | None = None,
    origin: str = "page",
    os_user: str = "",
) -> Plan:
    """Move the running records that can come along to the version that runs; say who stays.

    `states` maps a state that a record is in to one of the version, `defaults` fill
    fields that it needs and that are empty; without them a record comes along only as
    it stands. Each batch is one statement with one entry a record: whatever breaks off,
    asked again it goes on with those that are left. A record that somebody wrote
    meanwhile is read and decided on anew.
    """
    migration = Migration.asked(key, Way.of(by, origin, None, os_user), states, defaults)
    fates = [
        fate for batch in elsewhere(key, migration.version) for fate in _moved(migration, batch)
    ]
    return plan_of(key, migration.version, fates, by)


def _moved(migration: Migration, batch: Sequence[Record]) -> Iterator[tuple[Record, Fate]]:
    """Move the records of a batch that can come along; yield what became of each."""
    way = migration.way
    for _attempt in range(ATTEMPTS):
        known, clocks = book(), stored_clocks([record.pk for record in batch])
        decided = [(record, *migration.decide(record)) for record in batch]
        rows = [
            _row(migration, step, fate, clocks.get(record.pk, ()), known)
            for record, step, fate in decided
            if not fate.reason
        ]
        written = migrate_rows(rows, actor=way.by.pk, origin=way.origin, os_user=way.os_user)
        lost = {row["record_id"] for row in rows} - written
        yield from ((record, fate) for record, _step, fate in decided if record.pk not in lost)
        batch = list(Record.objects.filter(pk__in=lost).order_by("pk")) if lost else ()
        if not batch:
            return
    yield from ((record, Fate(record.state, {}, BUSY)) for record in batch)


def _row(
    migration: Migration,
    step: Step,
    fate: Fate,
    clocks: Sequence[Sequence[Any]],
    known: Book,
) -> dict[str, Any]:
    """Return what is to be written for a record that comes along."""
    record = step.record
    at = max(migration.way.at, record.updated_at)
    step.after = {**step.before, **fate.given, "state": fate.state}
    step.reprioritise()
    columns = step.columns()
    changes = {VERSION: [record.recipe_version_id, migration.version], **step.changes()}
    ticked = _ticked(migration, step, clocks, changes, known)
    columns |= {
        "recipe_version_id": migration.version,
        "updated_at": at,
        "next_due": min(columns["timer_due"], ticked.next_due),
    }
    moves = "state" in changes
    return {
        "record_id": record.pk,
        "at": at,
        "version": record.version,
        "head": bytes(record.head).hex(),
        "entry_kind": "moved" if moves else "migrated",
        "visibility": "public" if moves else "internal",
        "changes": changes,
        "clocks": ticked.clocks,
        "segments": ticked.segments,
        **columns,
    }


def _ticked(
    migration: Migration,
    step: Step,
    clocks: Sequence[Sequence[Any]],
    changes: Mapping[str, Any],
    known: Book,
) -> Ticked:
    record = step.record
    happening = happening_of(
        migration.recipe,
        step.after,
        at=max(migration.way.at, record.updated_at),
        kind="migrated",
        transition="",
        visibility="internal",
        spoken=False,
        by_requester=False,
        changes=changes,
    )
    return tick(
        migration.recipe,
        record.pk,
        clocks,
        happening,
        last=Happening(record.updated_at, frozenset(), step.before),
        known=known,
        left=recipe_version(record.recipe_version_id),
    )
