"""Reads of decisions: the register and what waits, inside what a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.governance.decisions.access import KIND
from brigade.governance.decisions.models import Decision
from brigade.kernel.recipes.queries import version_for
from brigade.kernel.records.access import hidden, records_visible_to
from brigade.kernel.records.models.record import OPEN_CATEGORIES
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from brigade.kernel.parties.models import Person

_WITH = (
    "record", "record__requester", "right", "right__body", "right__calendar",
    "right__escalate_to",
)  # fmt: skip
MOST = 50


@dataclass(frozen=True, slots=True)
class Register:
    """What waits, by deadline, and what was decided last."""

    waiting: list[Decision]
    ended: list[Decision]


def decisions_visible_to(person: Person) -> QuerySet[Decision]:
    """Return the decisions a person may read; those there are go on where it is given up."""
    seen = records_visible_to(person).filter(kind=KIND)
    return Decision.objects.filter(record__in=seen).select_related(*_WITH)


def decision_for(person: Person, number: str) -> Decision:
    """Return a decision by its number; Hidden where there is none to see."""
    found = decisions_visible_to(person).filter(record__number=number).first()
    if found is None:
        raise hidden()
    return found


def register(person: Person) -> Register:
    """Return what waits, the first deadline first, and what ended, the latest first.

    Hidden where the practice is not adopted.
    """
    version_for(KIND)
    rows = decisions_visible_to(person)
    waiting = rows.filter(record__state_category__in=OPEN_CATEGORIES).order_by("deadline", "pk")
    ended = rows.exclude(record__state_category__in=OPEN_CATEGORIES).order_by(
        "-record__updated_at", "-pk"
    )
    return Register(list(waiting[:MOST]), list(ended[:MOST]))


def approved_number(number: str, /, *, by: Person) -> str:
    """Return the number of a decision that was decided as recommended, and so carries something.

    Refused where `by` cannot read it or it went another way.
    """
    found = decisions_visible_to(by).filter(record__number=number.strip().upper()[:40]).first()
    if found is None or found.outcome != "approved":
        raise Refused(
            "not_decided",
            _("%(number)s is no decision that was decided as recommended.")
            % {"number": number.strip()[:40]},
            "decision",
        )
    return found.record.number


def locked(pk: int) -> Decision:
    """Return a decision to write on, its row locked. Unscoped; inside a transaction."""
    Decision.objects.select_for_update().get(pk=pk)
    return Decision.objects.select_related(*_WITH).get(pk=pk)
