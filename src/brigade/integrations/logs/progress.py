"""Where imports stand: a page of runs, one run, and whether a worker has it or will."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from procrastinate.contrib.django.models import ProcrastinateJob

from brigade.integrations.logs.models import ImportRun
from brigade.integrations.logs.queries import imports_visible_to

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

UNDER_WAY = ("todo", "doing")


def imports_page(
    person: Person, *, before: int | None = None, limit: int = 50
) -> tuple[list[ImportRun], int | None]:
    """Return a page of runs, newest first, and the `before` of the next one, if any."""
    runs = imports_visible_to(person).order_by("-id").defer("map")
    if before is not None:
        runs = runs.filter(pk__lt=before)
    rows = list(runs[: limit + 1])
    return rows[:limit], rows[limit - 1].pk if len(rows) > limit else None


def import_visible_to(person: Person, number: int) -> ImportRun | None:
    """Return one run, or None where there is none that the person may look at."""
    return imports_visible_to(person).filter(pk=number).first()


def left_to_worker(runs: Sequence[ImportRun]) -> set[int]:
    """Return the ids of those runs that a worker is at, or will take up."""
    locks = {f"import:{run.pk}": run.pk for run in runs}
    held = ProcrastinateJob.objects.filter(queueing_lock__in=locks, status__in=UNDER_WAY)
    return {locks[lock] for lock in held.values_list("queueing_lock", flat=True) if lock in locks}
