"""Playing the plot through the kernel's own verbs, at the instants of the plot."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from multiprocessing import get_context

from django.db import connections, transaction

from brigade.integrations.meridian.building import Company
from brigade.integrations.meridian.plot import Case, Happening
from brigade.kernel.parties.held import note_rights
from brigade.kernel.parties.models import Person
from brigade.kernel.records.models import Record
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say

SOURCE = "example"
ORIGIN = "simulation"
BATCH = 100
"""Cases a transaction: a commit for each verb would wait for the disk each time."""


Begun = tuple[Record, Sequence[Happening]]
"""A record that was opened, and what happens to it next."""


def _batches(cases: Iterable[Case]) -> Iterator[list[Case]]:
    left = iter(cases)
    while batch := list(islice(left, BATCH)):
        yield batch


_forked: Player | None = None
"""Whom the processes of a pool play for: they are forked, and have it as it was then."""


def _play_on(begun: list[Begun]) -> int:
    assert _forked is not None
    return _forked._played(begun, lambda more: None)


class Player:
    """Lets the people of Meridian do what the plot says."""

    def __init__(self, company: Company, system: Person) -> None:
        self._company = company
        self._system = note_rights(system)
        self._people = {key: note_rights(person) for key, person in company.people.items()}

    def play(self, cases: Iterable[Case], step: Callable[[int], None], *, hands: int = 1) -> int:
        """Play every case; `step` is told how many were played. Returns how many there were.

        With more than one of `hands`, as many processes play what comes after the
        opening. This one opens every record, so each has the same number either way.
        """
        batches = _batches(cases)
        if hands == 1:
            return sum(self._played(self._opened(batch), step) for batch in batches)
        return self._by_many(batches, step, hands)

    def _by_many(
        self, batches: Iterable[list[Case]], step: Callable[[int], None], hands: int
    ) -> int:
        global _forked
        _forked, played = self, 0
        connections.close_all()  # No two processes may speak over one.
        with get_context("fork").Pool(hands) as pool:
            under_way = deque(
                pool.apply_async(_play_on, (self._opened(batch),)) for batch in batches
            )
            while under_way:
                done = under_way.popleft().get()
                step(done)
                played += done
        return played

    def _opened(self, batch: list[Case]) -> list[Begun]:
        with transaction.atomic():
            return [(self._open(case), case.happenings[1:]) for case in batch]

    def _played(self, begun: list[Begun], step: Callable[[int], None]) -> int:
        with transaction.atomic():
            for record, happenings in begun:
                for happening in happenings:
                    record = self._happen(record, happening)
        step(len(begun))
        return len(begun)

    def _open(self, case: Case) -> Record:
        opened = case.happenings[0]
        values = dict(opened.values)
        return open_record(
            "incident",
            by=self._people[opened.by],
            fields={
                **{name: value for name, value in values.items() if name != "channel"},
                "service": self._company.services[case.service].pk,
                **({} if opened.by == case.requester else {"requester": self._id(case.requester)}),
            },
            channel=values["channel"],
            origin=ORIGIN,
            at=opened.at,
            source=(SOURCE, case.source_id),
        )

    def _id(self, key: str) -> int:
        return self._people[key].pk

    def _happen(self, record: Record, happening: Happening) -> Record:
        by = self._people.get(happening.by, self._system)
        at, values = happening.at, happening.values
        match happening.verb:
            case "reply" | "note":
                visibility = "public" if happening.verb == "reply" else "internal"
                body = values["body"]
                return say(record, body, by=by, visibility=visibility, origin=ORIGIN, at=at)
            case "own":
                return assign(record, by=by, assignee=by, origin=ORIGIN, at=at)
            case "hand_on":
                team = self._company.teams[values["team"]]
                return assign(record, by=by, team=team, origin=ORIGIN, at=at)
            case "autoclose":
                return self._autoclose(record, at)
            case transition:
                return move(record, transition, by=by, fields=values, origin=ORIGIN, at=at)

    def _autoclose(self, record: Record, at: datetime) -> Record:
        """Close it as its timer would have: at the instant the recipe gives."""
        due = min(record.timer_due, at)
        return move(record, "confirm", by=self._system, origin=ORIGIN, at=due, as_system=True)
