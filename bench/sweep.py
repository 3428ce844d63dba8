"""Measures of many clocks: finding the next due, raising them, holding all to a changed target.

Call `measures(place, clocks)` with a filled template (`bulk.fill` needs at least one
record in so many clocks as `CLOCKS_A_RECORD`); each round takes a fresh copy of it,
fills in running clocks by COPY, and then only measures.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from bench.company import SEED
from bench.figures import Round, timed
from bench.place import Place, django_on

if TYPE_CHECKING:
    import psycopg

DUE = 500
"""How many clocks are due: one batch of the sweep."""
SCANS = 50
SECONDS = 4 * 3600
HALF = timedelta(seconds=SECONDS // 2)
"""When the first escalation of the restore clock is due: at half its time, around the clock."""
CLOCKS_A_RECORD = 10
COLUMNS = (
    "record_id", "number", "name", "target_id", "seconds", "calendar_version_id", "state",
    "reason", "started_at", "mark", "counted", "paused", "due_at", "alert_at", "alerts",
    "stretches",
)  # fmt: skip


def measures(place: Place, clocks: int) -> dict[str, Callable[[], Round]]:
    """Return the measures by name, for so many running clocks."""
    return {
        "sweep_scan": lambda: _on_a_copy(place, clocks, scan),
        "sweep_raise": lambda: _on_a_copy(place, clocks, raise_all),
        "recount_all": lambda: _on_a_copy(place, clocks, recount),
    }


def _on_a_copy(place: Place, clocks: int, measure: Callable[[datetime], Round]) -> Round:
    from brigade.kernel.instants import now

    with place.fresh() as database, django_on(database):
        target, calendar, recipe = promised()
        moment = now()
        with place.connect(database) as connection:
            fill(connection, clocks, moment, target, calendar, recipe)
        return measure(moment) | {"clocks": clocks}


def promised() -> tuple[int, int, int]:
    """Adopt level 2 with one target for every restore clock; return target, calendar, recipe."""
    from brigade.kernel.calendars.models import Calendar
    from brigade.kernel.clocks.actions import add_target
    from brigade.kernel.parties.operators import operator
    from brigade.kernel.recipes.actions import adopt

    by = operator("Brigade")
    adoption = adopt("incident", by=by, level=2, provisional=True)
    always = Calendar.objects.get(key="always")
    target = add_target(
        "incident.restore", "incident", name="Bench", seconds=SECONDS, calendar=always, by=by
    )
    assert always.current_id is not None and adoption.version_id is not None
    return target.pk, always.current_id, adoption.version_id


def fill(
    connection: psycopg.Connection[Any],
    clocks: int,
    now: datetime,
    target: int,
    calendar: int,
    recipe: int,
) -> None:
    """Put running clocks on records by COPY; `DUE` of them have just come to their first mark."""
    found = connection.execute("select id from records_record order by id limit %s", [clocks])
    records = [row[0] for row in found.fetchall()]
    if len(records) * CLOCKS_A_RECORD < clocks:
        raise ValueError(f"{clocks:,} clocks need more than {len(records):,} records")
    random = Random(SEED)
    places = ((record, n) for n in range(1, CLOCKS_A_RECORD + 1) for record in records)
    due = set(random.sample(range(len(records)), min(DUE, len(records))))
    with connection.cursor() as cursor:
        statement = f"copy clocks_clock ({', '.join(COLUMNS)}) from stdin"
        with cursor.copy(statement) as copy:
            for index, (record, number) in enumerate(islice(places, clocks)):
                past = random.randrange(1, 60) if index in due else -random.randrange(60, 7000)
                mark = now - HALF - timedelta(seconds=past)
                copy.write_row(
                    (
                        record, number, "restore", target, SECONDS, calendar, "running", "", mark,
                        mark, 0, 0, mark + 2 * HALF, mark + HALF, 0, 0,
                    )
                )  # fmt: skip
    connection.execute(
        "update records_record set recipe_version_id = %s where id = any(%s)",
        [recipe, records],
    )
    connection.execute("analyze clocks_clock")


def scan(now: datetime) -> Round:
    """Time the scan for the next due clocks."""
    from brigade.kernel.clocks.queries import due_clocks

    times: list[float] = []
    found = 0
    for _each in range(SCANS):
        began = time.perf_counter()
        found = len(due_clocks(now, DUE))
        times.append((time.perf_counter() - began) * 1000)
    return timed(times, due=found)


def raise_all(now: datetime) -> Round:
    """Time the raising of one batch; `ms` is what one escalation took."""
    from brigade.kernel.work.escalations import raise_due

    began = time.perf_counter()
    raised = raise_due(at=now, batch=DUE)
    seconds = time.perf_counter() - began
    return {
        "ms": round(seconds * 1000 / max(1, raised), 3),
        "count": raised,
        "per_second": round(raised / seconds, 1),
    }


def recount(_now: datetime) -> Round:
    """Time the holding of every clock to a changed target; `ms` is what one record took."""
    from brigade.kernel.clocks.actions import change_target
    from brigade.kernel.clocks.models import Target
    from brigade.kernel.parties.operators import operator
    from brigade.kernel.work.recounting import hold_to_targets

    hold_to_targets()
    target = Target.objects.get(key="incident.restore", valid_to=None)
    change_target(target, by=operator("Brigade"), seconds=2 * SECONDS)
    began = time.perf_counter()
    moved = hold_to_targets()
    seconds = time.perf_counter() - began
    return {
        "ms": round(seconds * 1000 / max(1, moved), 3),
        "count": moved,
        "per_second": round(moved / seconds, 1),
    }
