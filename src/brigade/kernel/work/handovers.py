"""Who held a record, one after the other, and for how long: read from its journal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from brigade.kernel import instants
from brigade.kernel.parties.models import Person, Team
from brigade.kernel.records.models import JournalEntry

if TYPE_CHECKING:
    from brigade.kernel.records.models import Record


class Holding(NamedTuple):
    """A stretch in which one team and one person, or nobody, held a record.

    `until` is None for whoever holds it still; `seconds` are elapsed ones. `by`
    is who handed it over.
    """

    team_id: int | None
    team: str
    assignee_id: int | None
    assignee: str
    by: str
    since: datetime
    until: datetime | None
    seconds: int


def handovers(record: Record) -> list[Holding]:
    """Return the stretches in order; whoever reads the record internally may know them. Unscoped.

    The last one ends when the record was resolved, closed or cancelled. An entry
    whose changes were erased hands nothing over.
    """
    entries = JournalEntry.objects.filter(record=record, changes__has_any_keys=["team", "assignee"])
    steps: list[tuple[datetime, int | None, int | None, int | None]] = []
    team = assignee = None
    rows = entries.order_by("number").values_list("at", "actor_id", "changes")
    for at, actor, changes in rows:
        told = changes or {}
        team = told["team"][1] if "team" in told else team
        assignee = told["assignee"][1] if "assignee" in told else assignee
        steps.append((at, team, assignee, actor))
    return _named(record, steps)


def _named(
    record: Record, steps: list[tuple[datetime, int | None, int | None, int | None]]
) -> list[Holding]:
    teams = dict(
        Team.objects.filter(pk__in={step[1] for step in steps if step[1]}).values_list("pk", "name")
    )
    wanted = {person for step in steps for person in step[2:] if person}
    people = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))
    over = record.resolved_at or record.closed_at
    ends = [step[0] for step in steps[1:]]
    found = []
    for (since, team, assignee, actor), until in zip(steps, [*ends, over], strict=True):
        until = max(until, since) if until else None
        seconds = int(((until or instants.now()) - since).total_seconds())
        found.append(
            Holding(
                team, teams.get(team or 0, ""), assignee, people.get(assignee or 0, ""),
                people.get(actor or 0, ""), since, until, seconds,
            )
        )  # fmt: skip
    return found
