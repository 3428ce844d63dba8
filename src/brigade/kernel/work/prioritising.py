"""Setting a priority by hand, with a reason, and letting the recipe decide again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import Standing, require
from brigade.kernel.records.canonical import check_text
from brigade.kernel.records.models import Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.moving import roles_on
from brigade.kernel.work.step import Step, Way, commit

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

REASON_LIMIT = 300


def may_set_priority(record: Record, standing: Standing) -> bool:
    """Say whether somebody may put another priority than the recipe's on the record now."""
    if record.state_category in ("closed", "cancelled"):
        return False
    roles = recipe_version(record.recipe_version_id).priority.override_by
    return bool(set(roles) & roles_on(record, standing))


def set_priority(
    record: Record,
    priority: int | None,
    *,
    by: Person,
    reason: str = "",
    origin: str = "page",
    at: datetime | None = None,
    os_user: str = "",
) -> Record:
    """Give the record another priority than its recipe does; None lets the recipe decide again.

    Only the roles of the recipe's `override_by` may, and the reason stands in the
    journal. A label that an import brought goes with it. 1 is the highest. Raises
    Invalid with the field, NotPermitted, Hidden, or Refused on a closed record.
    """
    way = Way.of(by, origin, at, os_user)
    standing = Standing.of(by, way.at)
    why = check_text(" ".join(reason.split()), "reason")

    def decide(step: Step) -> EntryRow | None:
        require(by, "update", step.record, standing)
        _may(step, standing)
        _check(step, priority, why)
        for name, value in (("priority_set", priority), ("priority_reason", why or None)):
            step.put(name, value if priority is not None else None)
        step.put("priority_fact", "")
        step.put("off_matrix", None)
        step.reprioritise()
        return entry_of(step, "changed", "internal", body=why) if step.changes() else None

    return commit(record.pk, way, decide, standing)


def _may(step: Step, standing: Standing) -> None:
    step.refuse_closed()
    if not step.recipe.priority.override_by:
        raise Refused(
            "no_override",
            _("Here the priority follows from the rest. Change what it follows from."),
            "priority",
        )
    if not may_set_priority(step.record, standing):
        ask = _("You may not set a priority by hand. Ask the team's lead.")
        raise NotPermitted("not_permitted", ask, "priority")


def _check(step: Step, priority: int | None, why: str) -> None:
    rule = step.recipe.priority
    if priority is not None and not 1 <= priority <= len(rule.labels):
        highest = len(rule.labels)
        raise Invalid(
            "bad_priority",
            _("Give a priority from 1 to %(last)d.") % {"last": highest},
            "priority",
        )
    check_text(why, "reason", most=REASON_LIMIT)
    if priority is not None and rule.override_reason and not why:
        raise Invalid("no_reason", _("Say why the matrix is wrong here."), "reason")
