"""Assigning many records at once: an answer for each, and the way back.

One that cannot be assigned never stops the others: each is a write of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.outbox.actions import withdraw
from brigade.kernel.records.access import Standing, hidden, records_visible_to
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import NotPermitted, Refused, Stale
from brigade.kernel.work.assigning import KEEP, assign
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.step import Step, Way, commit

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person, Team

MOST = 500
"""Records one bulk action takes on; each is a write, and somebody waits for the last one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record. `why` is the sentence of the refusal, empty where it is done.

    `version` is the record's version after it, which `give_back` asks for; `team` and
    `assignee` are the ids before it. `changed` is false where nothing was to do,
    or where somebody else wrote at the same time: then there is no way back.
    """

    number: str
    done: bool
    why: str = ""
    changed: bool = False
    version: int = 0
    team: int | None = None
    assignee: int | None = None


def assign_many(
    numbers: Sequence[str],
    *,
    by: Person,
    team: Team | int | None = KEEP,
    assignee: Person | int | None = KEEP,
    origin: str = "page",
) -> list[Outcome]:
    """Assign each of these records as `assign` does; return an outcome each, in their order.

    A record that is not there and one that is hidden get the same answer. Raises
    Refused only where more than `MOST` are given, before anything is done.
    """
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > MOST:
        raise Refused(
            "too_many",
            _("These are too many at once: at most %(most)d. Narrow the list.") % {"most": MOST},
        )
    found = _found(by, wanted)

    def one(number: str) -> Outcome:
        record = found.get(number)
        if record is None:
            return Outcome(number, done=False, why=str(hidden()))
        try:
            fresh = assign(record, by=by, team=team, assignee=assignee, origin=origin)
        except Refused as no:
            return Outcome(number, done=False, why=str(no))
        return Outcome(
            number,
            done=True,
            changed=fresh.version == record.version + 1,
            version=fresh.version,
            team=record.team_id,
            assignee=record.assignee_id,
        )

    return [one(number) for number in wanted]


def give_back(outcomes: Iterable[Outcome], *, by: Person, origin: str = "page") -> list[Outcome]:
    """Undo assignments of one's own that nothing has followed; return an outcome each.

    Whoever handed work to another team can no longer assign it there, but may
    take back what they just did. Raises nothing; an outcome says why not.
    """
    done = [each for each in outcomes if each.done and each.changed]
    found = {record.number: record for record in _records([each.number for each in done])}

    def one(outcome: Outcome) -> Outcome:
        record = found.get(outcome.number)
        if record is None:
            return Outcome(outcome.number, done=False, why=str(hidden()))
        try:
            fresh = _given_back(record, outcome, Way.of(by, origin, None))
        except Refused as no:
            return Outcome(outcome.number, done=False, why=str(no))
        return Outcome(outcome.number, done=True, changed=True, version=fresh.version)

    return [one(outcome) for outcome in done]


def _given_back(record: Record, outcome: Outcome, way: Way) -> Record:
    undone: list[int] = []

    def decide(step: Step) -> EntryRow | None:
        if step.record.version != outcome.version:
            raise Stale("stale", _("Something else has happened to it since."))
        entry = _own_assignment(step.record, way.by)
        if entry is None:
            raise NotPermitted("not_permitted", _("Only who assigned it can undo that."))
        for name in {"team", "assignee"} & set(entry.changes or {}):
            step.put(name, (entry.changes or {})[name][0])
        undone[:] = [entry.pk]
        return entry_of(step, "assigned", "internal")

    fresh = commit(record.pk, way, decide, Standing.of(way.by, way.at))
    for entry_id in undone:
        withdraw(record.pk, entry_id, by=way.by)
    return fresh


def _own_assignment(record: Record, by: Person) -> JournalEntry | None:
    """Return the newest entry of a record if it is an assignment by this person.

    It says what was there before; what a caller says was there is not believed.
    """
    return JournalEntry.objects.filter(
        record=record, number=record.entries, kind="assigned", actor=by
    ).first()


def _found(by: Person, numbers: list[str]) -> dict[str, Any]:
    visible = records_visible_to(by).filter(number__in=numbers)
    return {record.number: record for record in visible}


def _records(numbers: list[str]) -> list[Record]:
    return list(Record.objects.filter(number__in=numbers))
