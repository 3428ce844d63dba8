"""The days of a decision in the calendar of its right."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.governance.decisions.rules import Days, Split, closing_of, split
from brigade.kernel import instants
from brigade.kernel.calendars.queries import business_time_of
from brigade.kernel.instants import NEVER
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from brigade.governance.decision_rights.models import DecisionRight
    from brigade.governance.decisions.models import Decision


def days_of(right: DecisionRight) -> Days:
    """Return the working days that a right counts; Refused while its calendar has no hours."""
    version = right.calendar.current_id
    if version is None:
        raise Refused(
            "no_hours", _("The calendar of the decision right has no hours yet. Give it some."),
            "topic",
        )  # fmt: skip
    return business_time_of(version)


def deadline_of(right: DecisionRight, raised: datetime) -> datetime:
    """Return by when it has to be decided: as the last working day closes."""
    return closing_of(days_of(right), raised, right.deadline_wd)


def silent_at(decision: Decision) -> datetime:
    """Return when silence has the last word, NEVER where it has none."""
    right = decision.right
    if right.default_if_silent == "escalate":
        return NEVER
    return closing_of(days_of(right), decision.deadline, right.silent_wd)


def split_of(decision: Decision, until: datetime | None = None) -> Split:
    """Return where the working days of a decision went until it was decided, or until now."""
    return split(
        days_of(decision.right),
        raised=decision.record.opened_at,
        opened=decision.opened_at,
        quorum=decision.quorum_at,
        deadline=decision.deadline,
        until=until or decision.decided_at or instants.now(),
    )
