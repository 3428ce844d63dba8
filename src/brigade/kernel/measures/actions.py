"""Closing a period, and putting right what was closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.measures.access import may_close_periods
from brigade.kernel.measures.compile import NONE
from brigade.kernel.measures.dimensions import dimensions
from brigade.kernel.measures.figures import (
    measure_shown,
    measures_shown,
    parts_now,
    period_asked,
    query_hash,
    zone,
)
from brigade.kernel.measures.models import MeasureValue, MeasureVersion
from brigade.kernel.measures.periods import period_at
from brigade.kernel.measures.queries import counted, versions_of_value
from brigade.kernel.measures.settling import settles_at
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.operators import operator
from brigade.kernel.records.canonical import check_text
from brigade.kernel.refused import Invalid, NotPermitted, Refused

if TYPE_CHECKING:
    from brigade.kernel.measures.periods import Period
    from brigade.kernel.measures.reading import Definition
    from brigade.kernel.parties.models import Person

LONGEST = 400
LOOKED_BACK = 3
"""Months that are frozen by themselves; older ones wait for somebody to decide."""


def freeze_period(practice: str, period: str, *, by: Person, os_user: str = "") -> list[str]:
    """Close a month of a practice: from now on its values are never recomputed.

    Every measure that has settled is closed, over the whole installation; the
    keys of those are returned. Refused where none has settled, or all are closed.
    """
    _closing(by)
    month = _month(period)
    now = instants.now()
    waiting = [one for one in measures_shown(practice) if not versions_of_value(one.key, month.key)]
    ready = [one for one in waiting if settles_at(one, month) <= now]
    if not ready:
        raise Refused("not_settled", _not_ready(waiting, month), "period")
    with acting(by, os_user=os_user):
        for definition in ready:
            _close(definition, month, 1, "", by)
    return [one.key for one in ready]


def freeze_settled(months: int = LOOKED_BACK) -> list[str]:
    """Freeze what has settled in the last months and nobody has frozen; return key and month.

    Runs by the calendar, in the name of the installation: a value that stays open
    would go on changing with every late correction. A month in which nothing was
    counted stays open: an import may bring its work yet. Whoever answers for the
    practice may freeze earlier, once it has settled, and restate what was frozen.
    """
    by, now = operator("Brigade"), instants.now()
    done = []
    with acting(by):
        for month in period_at(now, zone()).step(-1).leading(months):
            for definition in measures_shown():
                open_still = not versions_of_value(definition.key, month.key)
                if open_still and settles_at(definition, month) <= now and _any(definition, month):
                    _close(definition, month, 1, "", by)
                    done.append(f"{definition.key} {month.key}")
    return done


def restate_value(
    key: str, period: str, *, reason: str, by: Person, os_user: str = ""
) -> MeasureValue:
    """Put another value in the place of a frozen one, with a reason; the old one stays."""
    _closing(by)
    reason = check_text(reason.strip(), "reason")
    if not reason or len(reason) > LONGEST:
        raise Invalid(
            "no_reason", _("Say in a sentence why the value has to be another one."), "reason"
        )
    definition, month = measure_shown(key), _month(period)
    before = versions_of_value(key, month.key)
    if not before:
        raise Refused(
            "not_frozen", _("This month is not frozen yet. Its value follows the rows."), "period"
        )
    with acting(by, os_user=os_user):
        return _close(definition, month, before[0].number + 1, reason, by)


def _any(definition: Definition, month: Period) -> bool:
    found = counted(definition, [month], person=None, as_of=instants.now())
    return found[month.key, NONE].n > 0


def _closing(by: Person) -> None:
    if not may_close_periods(by):
        raise NotPermitted(
            "not_permitted", _("Only the process owner freezes a month or restates a value.")
        )


def _month(period: str) -> Period:
    found = period_asked(period)
    if not period or found.length != "month":
        raise Invalid("no_month", _("Months are frozen. Name one, such as 2026-03."), "period")
    return found


def _not_ready(waiting: list[Definition], month: Period) -> str:
    if not waiting:
        return _("This month is frozen already. A value that is wrong is restated, with a reason.")
    first = min(settles_at(one, month) for one in waiting)
    return _("This month settles on %(day)s. Until then late work may still change it.") % {
        "day": f"{first.astimezone(ZoneInfo(month.zone)):%Y-%m-%d}"
    }


def _close(
    definition: Definition, month: Period, number: int, reason: str, by: Person
) -> MeasureValue:
    now = instants.now()
    found = counted(definition, [month], person=None, as_of=now)[month.key, NONE]
    cuts: dict[str, list[list[Any]]] = {
        name: [[of, label, each.num, each.n]
               for of, label, each in parts_now(None, definition, month, name)]
        for name in dimensions(definition)
    }  # fmt: skip
    try:
        with transaction.atomic():
            return MeasureValue.objects.create(
                measure=_version(definition, by), key=definition.key, period=month.key,
                start=month.start, end=month.end, zone=month.zone, number=number,
                num=found.num, den=found.den, n=found.n, beside=found.beside, cuts=cuts,
                reason=reason, made_at=now, made_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(
            "closed_meanwhile", _("Somebody closed this value meanwhile. Look at it again.")
        ) from error


def _version(definition: Definition, by: Person) -> MeasureVersion:
    """Return the stored wording; Refused where the file says another under the same number."""
    found, _made = MeasureVersion.objects.get_or_create(
        key=definition.key,
        version=definition.measure.version,
        defaults={
            "definition": definition.measure.model_dump(mode="json"),
            "checksum": definition.checksum(),
            "query_hash": query_hash(definition),
            "made_at": instants.now(),
            "made_by": by,
        },
    )
    if found.checksum != definition.checksum():
        raise Refused(
            "definition_changed",
            _("%(key)s says something else than its version %(number)d did. Give it a new version.")
            % {"key": definition.key, "number": found.version},
        )
    return found
