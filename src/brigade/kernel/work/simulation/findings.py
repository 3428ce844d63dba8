"""What a replay finds: plain facts, each with the record it was found on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NOT_THERE, NOT_FROM_HERE, ROLE, GUARD, MISSING = (
    "not_there",
    "not_from_here",
    "role",
    "guard",
    "missing_field",
)
"""Why a draft refuses a move: no such step, not from that state, nobody who did it may,
its condition, an empty field."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; a share is computed from the two and never averaged."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """Return the share in percent, or None where there is nothing to have a share of."""
        return 100 * self.numerator / self.denominator if self.denominator else None

    def exceeds(self, percent: int) -> bool:
        """Tell whether it is more than so many percent, without rounding."""
        return 100 * self.numerator > percent * self.denominator


@dataclass(frozen=True, slots=True)
class Block:
    """A move that happened and that the draft refuses: the first one of its record.

    `transition` is empty where the record could not have been opened at all.
    """

    record: int
    at: datetime
    state: str
    transition: str
    reason: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An approval that the draft asks for and that was not asked."""

    record: int
    at: datetime
    state: str
    approval: str


@dataclass(frozen=True, slots=True)
class Click:
    """Fields that somebody would have had to fill in for a move, beside what they filled in."""

    record: int
    at: datetime
    transition: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A clock that the draft changes: when it was and would be due, whether it was broken.

    A clock that one of the two does not have is neither due nor broken there.
    """

    record: int
    clock: str
    due_before: datetime | None
    due_after: datetime | None
    broken_before: bool
    broken_after: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What was found on one record; `clocks` were compared, `broken_before` as it was run."""

    record: int
    moves: int = 0
    block: Block | None = None
    blocked_moves: int = 0
    asked: tuple[Asked, ...] = ()
    approvals: tuple[str, ...] = ()
    clicks: tuple[Click, ...] = ()
    shifts: tuple[Shift, ...] = ()
    clocks: int = 0
    broken_before: int = 0
    broken_after: int = 0
