"""Reads of decision rights: who decides now, what is wrong with it, how it was worded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.governance.decision_rights.access import may_read_rights
from brigade.governance.decision_rights.models import DecisionRight
from brigade.governance.decision_rights.rules import Band, Fault, faults, right_for
from brigade.kernel.refused import Hidden

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from brigade.kernel.parties.models import Person

_WITH = ("body", "calendar", "escalate_to", "made_by")


def rights_now() -> QuerySet[DecisionRight]:
    """Return the rights in force, by topic and amount. Unscoped: who asks may know them."""
    rows = DecisionRight.objects.filter(valid_to__isnull=True).select_related(*_WITH)
    return rows.order_by("topic", "currency", "amount_from", "id")


def bands(rows: list[DecisionRight]) -> list[Band]:
    """Return the amounts that rights are about, keyed by their series."""
    return [
        Band(row.series, row.topic, row.currency, row.amount_from, row.amount_to) for row in rows
    ]


def faults_now() -> list[Fault]:
    """Return the gaps and overlaps between the rights in force."""
    return faults(bands(list(rights_now())))


def right_on(topic: str, amount: int, currency: str) -> DecisionRight:
    """Return the one right that holds for an amount of a topic; Refused otherwise."""
    rows = [row for row in rights_now() if row.topic == topic]
    series = right_for(bands(rows), topic, amount, currency)
    return next(row for row in rows if row.series == series)


def topics_now() -> list[str]:
    """Return the topics somebody may decide on, by name."""
    return list(dict.fromkeys(rights_now().values_list("topic", flat=True)))


def wordings_of(person: Person, series: int) -> list[DecisionRight]:
    """Return a right's wordings, newest first; Hidden where there is none to read."""
    rows = DecisionRight.objects.filter(series=series).select_related(*_WITH).order_by("-id")
    found = list(rows) if may_read_rights(person) and series else []
    if not found:
        raise Hidden("no_right", _("There is no such decision right, or it is not open to you."))
    return found
