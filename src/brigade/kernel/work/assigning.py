"""Assigning a record to a team and a person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.parties.lookups import is_member
from brigade.kernel.records.access import Standing, require
from brigade.kernel.records.models import Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.reach import refuse_unseen
from brigade.kernel.work.step import Step, Way, commit
from brigade.kernel.work.values import read_value

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person, Team

KEEP: Any = object()
"""Stands for "leave it as it is", where None means "nobody"."""


def assign(
    record: Record,
    *,
    by: Person,
    team: Team | int | None = KEEP,
    assignee: Person | int | None = KEEP,
    origin: str = "page",
    at: datetime | None = None,
    os_user: str = "",
) -> Record:
    """Hand a record to a team, a person, or both; None takes the person off again.

    A new team takes off an assignee who is not in it. The person must be in the
    record's team. Raises NotPermitted, Hidden, Invalid with the field, or
    Refused where the record is closed.
    """
    way = Way.of(by, origin, at, os_user)
    standing = Standing.of(by, way.at)

    def decide(step: Step) -> EntryRow | None:
        require(by, "update", step.record, standing)
        if step.record.state_category in ("closed", "cancelled"):
            raise Refused("closed", _("This record is closed. Reopen it first."))
        if team is not KEEP:
            _give_team(step, team)
        if assignee is not KEEP:
            _give_person(step, assignee)
        if not step.changes():
            return None
        if step.get("assignee") != step.before["assignee"]:
            step.events = ["assigned"]
        return entry_of(step, "assigned", "internal")

    return commit(record.pk, way, decide, standing)


def _give_team(step: Step, team: Any) -> None:
    value = read_value("team", team, None)
    refuse_unseen("team", value, None, step.way.by)
    if value is None:
        raise Invalid("no_team", _("A record always has a team. Choose one."), "team")
    step.put("team", value)
    holder = step.get("assignee")
    if holder is not None and not is_member(holder, value, step.way.at):
        step.put("assignee", None)


def _give_person(step: Step, assignee: Any) -> None:
    value = read_value("assignee", assignee, None)
    refuse_unseen("assignee", value, None, step.way.by)
    step.put("assignee", value)
    team = step.get("team")
    if value is not None and team is not None and not is_member(value, team, step.way.at):
        raise Invalid(
            "not_in_team",
            _("This person is not in the record's team. Choose a member, or change the team."),
            "assignee",
        )
