"""Playing the plot through the kernel's own verbs, at the instants of the plot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

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


class Player:
    """Lets the people of Meridian do what the plot says."""

    def __init__(self, company: Company, system: Person) -> None:
        self._company = company
        self._system = note_rights(system)
        self._people = {key: note_rights(person) for key, person in company.people.items()}

    def play(self, cases: Iterable[Case], step: Callable[[int], None]) -> int:
        """Play every case; `step` is told how many were played. Returns how many there were."""
        played = 0
        batch: list[Case] = []
        for case in cases:
            batch.append(case)
            if len(batch) == BATCH:
                played += self._play_batch(batch, step)
                batch = []
        return played + self._play_batch(batch, step)

    def _play_batch(self, batch: list[Case], step: Callable[[int], None]) -> int:
        with transaction.atomic():
            for case in batch:
                self._case(case)
        step(len(batch))
        return len(batch)

    def _case(self, case: Case) -> None:
        opened, *rest = case.happenings
        values = dict(opened.values)
        record = open_record(
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
        for happening in rest:
            record = self._happen(record, happening)

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
