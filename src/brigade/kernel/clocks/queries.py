"""Reads of targets and clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brigade.kernel.calendars.models import CalendarVersion
from brigade.kernel.calendars.queries import current_version
from brigade.kernel.clocks.engine import Segment as EngineSegment
from brigade.kernel.clocks.models import Segment, Target
from brigade.kernel.records.prepared import run_prepared

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
    rows = Segment.objects.filter(record_id=record_id, clock_number=clock_number)
    return [
        EngineSegment(
            row.kind,
            row.reason,
            row.begin,
            row.end,
            row.seconds,
            row.target_id,
            row.calendar_version_id,
        )
        for row in rows.order_by("number")
    ]
