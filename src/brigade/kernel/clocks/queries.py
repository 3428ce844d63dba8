"""Reads of targets and clocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery

from brigade.kernel.calendars.models import CalendarVersion
from brigade.kernel.calendars.queries import current_version
from brigade.kernel.clocks.engine import Segment as EngineSegment
from brigade.kernel.clocks.models import Clock, Segment, Target
from brigade.kernel.prepared import rows_prepared, run_prepared
from brigade.kernel.records.access import records_visible_to
from brigade.kernel.records.models import JournalEntry, Record

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

_STAMP = """
select concat_ws(':', (select max(id) from clocks_target),
    (select count(*) from clocks_target where valid_to is not null),
    (select max(id) from calendars_calendarversion))
"""


def stamp() -> str:
    """Return a text that is another one after every change of a target or a calendar."""
    row = run_prepared(_STAMP, {})
    return str(row[0]) if row else ""


def wordings() -> list[tuple[Any, ...]]:
    """Return every wording of every target, oldest first, as `Wording` takes them."""
    return list(
        Target.objects.order_by("valid_from", "id").values_list(
            "id", "key", "kind", "conditions", "customer_id", "service_id", "offering_id",
            "seconds", "calendar_id", "valid_from", "valid_to",
        )
    )  # fmt: skip


def calendar_versions() -> list[tuple[int, datetime, int]]:
    """Return (calendar, made at, version) of every version, oldest first."""
    return list(
        CalendarVersion.objects.order_by("calendar_id", "number").values_list(
            "calendar_id", "created_at", "id"
        )
    )


def always_version() -> int:
    """Return the version of the calendar that is always open."""
    return current_version("always")


def segments_of(record_id: int, clock_number: int) -> list[EngineSegment]:
    """Return the stored segments of one clock of a record, in order."""
    return segments_of_many([record_id]).get((record_id, clock_number), [])


def segments_of_many(record_ids: Sequence[int]) -> dict[tuple[int, int], list[EngineSegment]]:
    """Return the stored segments of records, by record and number of the clock, in order."""
    if not record_ids:
        return {}
    rows = Segment.objects.filter(record_id__in=record_ids)
    found: dict[tuple[int, int], list[EngineSegment]] = {}
    for record_id, clock_number, *segment in rows.order_by(
        "record_id", "clock_number", "number"
    ).values_list(
        "record_id", "clock_number", "kind", "reason", "begin", "end", "seconds", "target_id",
        "calendar_version_id",
    ):  # fmt: skip
        stretch = EngineSegment(*cast("list[Any]", segment))
        found.setdefault((record_id, clock_number), []).append(stretch)
    return found


class Entry(NamedTuple):
    """What clocks need to know of a journal entry; `erased` where its changes are gone."""

    record_id: int
    recipe_version_id: int
    number: int
    at: datetime
    kind: str
    transition: str
    visibility: str
    actor: int | None
    changes: dict[str, Any] | None
    spoken: bool
    erased: bool
    brought: bool


def entries_of(record_ids: Sequence[int]) -> Iterator[Entry]:
    """Yield the entries of records, record by record, in the order of their numbers. Unscoped."""
    rows = JournalEntry.objects.filter(record_id__in=record_ids).order_by("record_id", "number")
    found = rows.values_list(
        "record_id", "record__recipe_version_id", "number", "at", "kind", "transition",
        "visibility", "actor_id", "changes", "body_hash", "changes_hash", "source_row",
    )  # fmt: skip
    for *plain, changes, body_hash, changes_hash, source_row in found.iterator(chunk_size=2000):
        erased = changes_hash is not None and changes is None
        flags = (body_hash is not None, erased, source_row is not None)
        yield Entry._make([*plain, changes, *flags])


def stored_stretches(record_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return how many finished stretches are stored, by record and number of the clock."""
    rows = Clock.objects.filter(record_id__in=record_ids)
    return {
        (record, number): stretches
        for record, number, stretches in rows.values_list("record_id", "number", "stretches")
    }


def records_without_clocks(source: str, after: int, most: int) -> list[int]:
    """Return ids above `after` of records of a source on which no clock was started. Unscoped."""
    rows = Record.objects.filter(source=source, pk__gt=after)
    rows = rows.exclude(Exists(Clock.objects.filter(record=OuterRef("pk"))))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])


class ClockRow(NamedTuple):
    """A stored clock with the record it is on; `stored` is what `ticking.kept` reads."""

    id: int
    record_id: int
    number: int
    record: str
    source: str
    source_id: str
    last_at: datetime
    last_brought_at: datetime | None
    stored: tuple[Any, ...]


STORED = (
    "name", "subject", "target_id", "seconds", "calendar_version_id", "state", "reason",
    "started_at", "mark", "counted", "paused", "due_at", "alerts", "stretches",
)  # fmt: skip
BATCH = 2000


def stored_clocks(record_ids: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Return what `ticking.kept` reads of the clocks of records, by record, in order. Unscoped."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    rows = Clock.objects.filter(record_id__in=record_ids).order_by("record_id", "number")
    for record_id, *stored in rows.values_list("record_id", *STORED):
        found.setdefault(record_id, []).append(tuple(stored))
    return found


def changed_since(since: datetime | None) -> tuple[list[str], list[int]]:
    """Return keys of targets and ids of calendars that changed after an instant; None: all."""
    targets, versions = Target.objects.all(), CalendarVersion.objects.all()
    if since is not None:
        targets = targets.filter(Q(valid_from__gt=since) | Q(valid_to__gt=since))
        versions = versions.filter(created_at__gt=since)
    keys = targets.order_by("key").values_list("key", flat=True).distinct()
    calendars = versions.order_by("calendar_id").values_list("calendar_id", flat=True).distinct()
    return list(keys), list(calendars)


_HELD = """
select record_id from clocks_clock
where state in ('running', 'paused') and record_id > %s and (
    target_id in (select id from clocks_target where key = any(%s::text[]))
    or calendar_version_id in (
        select id from calendars_calendarversion where calendar_id = any(%s::bigint[])))
order by record_id limit %s
"""


def records_held(keys: Sequence[str], calendars: Sequence[int], after: int, most: int) -> list[int]:
    """Return ids above `after` of records with a live clock by these keys or calendars. Unscoped.

    Every clock of a key is among them, whichever of its targets it is held to. `most`
    counts clocks: asked for records, the planner sorts all of them at every batch.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [after, list(keys), list(calendars), most])
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


def count_held(keys: Sequence[str], calendars: Sequence[int]) -> int:
    """Return how many records `records_held` finds in all."""
    held = Q(target__key__in=keys) | Q(calendar_version__calendar__in=calendars)
    live = Clock.objects.filter(held, state__in=("running", "paused"))
    return live.values("record").distinct().count()


def clock_rows(
    person: Person | None, source: str = "", record: Record | None = None
) -> Iterator[list[ClockRow]]:
    """Yield the clocks of the records a person may see, in batches, by record and number.

    Without a person every one, for whoever sits at the command line. `last_at`
    is when the record's last entry was written, `last_brought_at` the last one
    that a log brought in.
    """
    of_record = JournalEntry.objects.filter(record=OuterRef("record_id")).order_by("-number")
    brought = of_record.filter(source_row__isnull=False)
    rows = Clock.objects.order_by("record_id", "number").annotate(
        last_at=Subquery(of_record.values("at")[:1]),
        last_brought_at=Subquery(brought.values("at")[:1]),
    )
    if person is not None:
        rows = rows.filter(record__in=records_visible_to(person).values("pk"))
    if source:
        rows = rows.filter(record__source=source)
    if record is not None:
        rows = rows.filter(record=record)
    names = (
        "id", "record_id", "number", "record__number", "record__source", "record__source_id",
        "last_at", "last_brought_at",
    )  # fmt: skip
    after = (0, 0)
    while True:
        beyond = Q(record_id__gt=after[0]) | Q(record_id=after[0], number__gt=after[1])
        found = rows.filter(beyond).values_list(*names, *STORED)[:BATCH]
        page = cast("list[tuple[Any, ...]]", list(found))
        if not page:
            return
        yield [ClockRow._make([*row[: len(names)], row[len(names) :]]) for row in page]
        after = page[-1][1], page[-1][2]


class FaceRow(NamedTuple):
    """A stored clock with what its target says; `calendar` is the id of a calendar's version."""

    record_id: int
    number: int
    name: str
    subject: int | None
    seconds: int | None
    calendar: int
    state: str
    reason: str
    started_at: datetime
    mark: datetime
    counted: int
    paused: int
    due_at: datetime
    warn_percent: int
    promise: str


_FACES = """
select c.record_id, c.number, c.name, c.subject, c.seconds, c.calendar_version_id, c.state,
    c.reason, c.started_at, c.mark, c.counted, c.paused, c.due_at,
    coalesce(t.warn_percent, 75), coalesce(t.name, '')
from clocks_clock c left join clocks_target t on t.id = c.target_id
where c.record_id = any(%(records)s::bigint[])
order by c.record_id, c.number
"""


def face_rows(record_ids: Sequence[int]) -> list[FaceRow]:
    """Return the clocks of records, by record and number, in one statement. Unscoped."""
    if not record_ids:
        return []
    wanted = "{" + ",".join(map(str, record_ids)) + "}"
    return [FaceRow._make(row) for row in rows_prepared(_FACES, {"records": wanted})]


def names_of_stretches(
    targets: Sequence[int], calendars: Sequence[int]
) -> tuple[dict[int, str], dict[int, tuple[str, int]]]:
    """Return names of targets by id, and name and number of versions of calendars by id."""
    named = dict(Target.objects.filter(pk__in=targets).values_list("pk", "name"))
    versions = CalendarVersion.objects.filter(pk__in=calendars)
    rows = versions.values_list("pk", "calendar__name", "number")
    return named, {pk: (name, number) for pk, name, number in rows}


class DueClock(NamedTuple):
    """A clock of which an escalation is due, as the index has it."""

    id: int
    record_id: int
    number: int
    alert_at: datetime


_DUE = """
select id, record_id, number, alert_at from clocks_clock
where state = 'running' and alert_at <= %s order by alert_at, id limit %s
"""


def due_clocks(at: datetime, most: int) -> list[DueClock]:
    """Return the running clocks whose next escalation is due at an instant, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [at, most])
        return [DueClock(*row) for row in cursor.fetchall()]
