"""From the journal to the channel: what was committed since the last look.

Writing a record says nothing on the channel itself: PostgreSQL lets those who
notify commit one after the other, which would slow every write down. The worker
looks for new entries a few times a second instead. Ids are taken before they are
committed, so an id that was skipped is asked for again for a while.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from brigade.kernel.live import queries, writes
from brigade.kernel.live.channel import AGAIN, payloads
from brigade.kernel.live.queries import Entry

MOST = 500
"""More entries than this at once are an import or a day's backlog: everybody looks again."""
GAP_SECONDS = 60.0
WIDEST = 1000
"""A wider gap is not kept: it belongs to an import, which says nothing of each entry."""


class News:
    """One look after the other. The first only notes where the journal stands."""

    def __init__(self) -> None:
        self.newest: int | None = None
        self.gaps: dict[int, float] = {}

    def turn(self) -> int:
        """Tell what is new; return how many entries were found."""
        if self.newest is None:
            self.newest = queries.newest_entry()
            writes.tell([AGAIN])
            return 0
        found = queries.entries_after(self.newest, list(self.gaps), MOST + 1)
        if len(found) > MOST:
            self.newest, self.gaps = queries.newest_entry(), {}
            writes.tell([AGAIN])
        elif found:
            self._note(sorted(entry.id for entry in found))
            if said := list(payloads("changed", _by_record(found))):
                writes.tell(said)
        self._forget_gaps()
        return len(found)

    def _note(self, ids: Sequence[int]) -> None:
        assert self.newest is not None
        now = time.monotonic()
        for one in ids:
            self.gaps.pop(one, None)
            if one > self.newest:
                if one - self.newest <= WIDEST:
                    self.gaps |= dict.fromkeys(range(self.newest + 1, one), now)
                self.newest = one

    def _forget_gaps(self) -> None:
        if self.gaps:
            old = time.monotonic() - GAP_SECONDS
            self.gaps = {one: since for one, since in self.gaps.items() if since > old}


def _by_record(found: Sequence[Entry]) -> list[tuple[int, int, int]]:
    """Return record, number of its newest entry and of its newest public one, 0 for none."""
    newest: dict[int, tuple[int, int]] = {}
    for entry in found:
        if entry.record is not None:
            number, public = newest.get(entry.record, (0, 0))
            newest[entry.record] = (
                max(number, entry.number),
                max(public, entry.number if entry.public else 0),
            )
    return [(record, number, public) for record, (number, public) in newest.items()]
