"""What the clocks of records show at an instant: how a list or a page puts each into words.

Read from what is stored, not derived again: one statement for all the records of
a page. The account of every second is `measuring.account_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from brigade.kernel.calendars.queries import business_time_of
from brigade.kernel.clocks import queries
from brigade.kernel.clocks.engine import PAUSED, RUNNING, STOPPED
from brigade.kernel.instants import NEVER
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.lexis import names

MET, MISSED, MEASURED, VOID = "met", "missed", "measured", "void"
"""How a clock ended: within its promise, beyond it, without one, or not counting at all."""


@dataclass(frozen=True, slots=True)
class Face:
    """What one clock shows. Seconds are open ones of its calendar.

    `state` is running or paused, or how it ended. `over` tells that a live clock
    has used up what was promised, `risk` that it has reached the share at which
    its target warns. `due_at` is None while it is paused and where nothing is
    promised. `ended_at` is when it stopped.
    """

    number: int
    name: str
    subject: int | None
    state: str
    over: bool
    risk: bool
    promised: int | None
    used: int
    paused: int
    reason: str
    due_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    promise: str

    @property
    def is_live(self) -> bool:
        """Whether it still runs, or will when its pause ends."""
        return self.state in (RUNNING, PAUSED)

    @property
    def share(self) -> int:
        """How much of what was promised is used, in percent; 0 where nothing is promised."""
        return self.used * 100 // self.promised if self.promised else 0


def faces_of(record_ids: Sequence[int], at: datetime) -> dict[int, list[Face]]:
    """Return the clocks of each record in their order, as they stand at an instant.

    The instant is not before the last thing that happened to them. Unscoped: the
    ids are those of records the reader may see.
    """
    found: dict[int, list[Face]] = {}
    for row in queries.face_rows(record_ids):
        found.setdefault(row.record_id, []).append(_face(row, at))
    return found


def _face(row: queries.FaceRow, at: datetime) -> Face:
    used = row.counted
    if row.state == RUNNING and at > row.mark:
        used += business_time_of(row.calendar).open_seconds(row.mark, at)
    due = None if row.due_at == NEVER else row.due_at
    beyond = row.seconds is not None and used > row.seconds
    over = due is not None and due < at if row.state == RUNNING else beyond
    live = row.state in (RUNNING, PAUSED)
    warned = row.seconds is not None and used * 100 >= row.seconds * row.warn_percent
    return Face(
        number=row.number, name=row.name, subject=row.subject,
        state=row.state if live else _ended(row, beyond),
        over=live and over, risk=live and warned and not over,
        promised=row.seconds, used=used, paused=row.paused, reason=row.reason,
        due_at=due, started_at=row.started_at, ended_at=None if live else row.mark,
        promise=row.promise,
    )  # fmt: skip


def _ended(row: queries.FaceRow, beyond: bool) -> str:
    if row.state != STOPPED:
        return VOID
    if row.seconds is None:
        return MEASURED
    return MISSED if beyond else MET


def next_face(faces: Iterable[Face]) -> Face | None:
    """Return the clock that a list shows: the soonest due, else one that is paused, else the end.

    Of several that have ended the one that was missed says more than the others.
    """
    live = [face for face in faces if face.is_live and face.promised is not None]
    due = [face for face in live if face.due_at is not None]
    if due:
        return min(due, key=lambda face: (face.due_at, face.number))
    if live:
        return live[0]
    ended = [face for face in faces if face.state in (MET, MISSED) and face.subject is None]
    return next((face for face in ended if face.state == MISSED), ended[-1] if ended else None)


def until_fixed(recipe: CompiledRecipe, faces: Iterable[Face]) -> Face | None:
    """Return the clock that runs until the record is resolved: what its requester waits for."""
    wanted = {
        name
        for name, clock in recipe.clocks.items()
        if clock.per is None and clock.stop is not None
        for state in names(clock.stop.enter)
        if state in recipe.states and recipe.category(state) == "resolved"
    }
    return next((face for face in faces if face.name in wanted and face.promised), None)
