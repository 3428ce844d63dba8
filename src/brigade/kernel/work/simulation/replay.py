"""What a replay of many records adds up to: counts, and the rows behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from brigade.kernel.work.simulation.findings import Asked, Block, Click, Found, Share, Shift


@dataclass(frozen=True, slots=True)
class Load:
    """What approvals ask of one role: `asked` of it in the window, and who shares them.

    `minutes_a_week` is for one approver; None where nobody has voted yet, so that
    nobody knows how long a vote takes, or where nobody holds the role.
    """

    role: str
    asked: int
    people: int
    minutes_a_week: int | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What would have happened: the past of `days` up to `until`, driven through a draft.

    `whole` tells that every record in question was tried, `left_out` counts those
    whose history was erased in part. The rows name only records that the reader may
    see; the counts hold all of them.
    """

    key: str
    version: str
    checksum: str
    days: int
    since: datetime
    until: datetime
    whole: bool
    left_out: int
    records: int
    moves: int
    blocked: int
    blocked_moves: int
    reasons: Mapping[str, int]
    extra_approvals: int
    approvals: Mapping[str, int]
    clicks: int
    clocks: int
    moved_due: int
    broken_before: int
    broken_after: int
    newly_broken: int
    no_longer_broken: int
    loads: tuple[Load, ...]
    blocks: tuple[Block, ...]
    asked: tuple[Asked, ...]
    clicked: tuple[Click, ...]
    shifts: tuple[Shift, ...]
    numbers: Mapping[int, tuple[str, str]]

    @property
    def blocked_share(self) -> Share:
        """The records with a blocked move, of those tried: what publishing asks."""
        return Share(self.blocked, self.records)


@dataclass(frozen=True, slots=True)
class Counts:
    """The sums over what was found on the records, and every row of it."""

    found: tuple[Found, ...]

    @classmethod
    def of(cls, found: Iterable[Found]) -> Counts:
        """Take the findings of all records."""
        return cls(tuple(found))

    def sums(self) -> dict[str, int]:
        """Return every plain sum, by the name it has in a replay."""
        shifts = self.shifts()
        return {
            "records": len(self.found),
            "moves": sum(one.moves for one in self.found),
            "blocked": sum(one.block is not None for one in self.found),
            "blocked_moves": sum(one.blocked_moves for one in self.found),
            "extra_approvals": sum(len(one.asked) for one in self.found),
            "clicks": sum(len(click.fields) for one in self.found for click in one.clicks),
            "clocks": sum(one.clocks for one in self.found),
            "moved_due": sum(one.due_before != one.due_after for one in shifts),
            "broken_before": sum(one.broken_before for one in self.found),
            "broken_after": sum(one.broken_after for one in self.found),
            "newly_broken": sum(one.broken_after and not one.broken_before for one in shifts),
            "no_longer_broken": sum(one.broken_before and not one.broken_after for one in shifts),
        }

    def blocks(self) -> list[Block]:
        """Return the first refusal of each record that has one, the latest first."""
        blocks = [one.block for one in self.found if one.block is not None]
        return sorted(blocks, key=lambda block: block.at, reverse=True)

    def reasons(self) -> dict[str, int]:
        """Return how many records each reason stopped, the commonest first."""
        return dict(Counter(block.reason for block in self.blocks()).most_common())

    def shifts(self) -> list[Shift]:
        """Return every clock that the draft changes."""
        return [shift for one in self.found for shift in one.shifts]

    def approvals(self) -> dict[str, int]:
        """Return how often the draft asks each of its approvals."""
        return dict(Counter(name for one in self.found for name in one.approvals).most_common())


def loads_of(
    asked: Mapping[str, int],
    seats: Mapping[str, tuple[str, ...]],
    people: Mapping[str, int],
    vote_minutes: Mapping[str, int],
    days: int,
) -> tuple[Load, ...]:
    """Return what the approvals asked in a window mean for each role that has a seat.

    `vote_minutes` is the median of past votes by role; a role that never voted has none.
    """
    wanted: Counter[str] = Counter()
    for approval, times in asked.items():
        for role in seats.get(approval, ()):
            wanted[role] += times
    return tuple(
        Load(role, times, people.get(role, 0), _weekly(role, times, people, vote_minutes, days))
        for role, times in wanted.most_common()
    )


def _weekly(
    role: str, times: int, people: Mapping[str, int], vote_minutes: Mapping[str, int], days: int
) -> int | None:
    median, holders = vote_minutes.get(role), people.get(role, 0)
    if median is None or not holders:
        return None
    return round(times * median * 7 / days / holders)
