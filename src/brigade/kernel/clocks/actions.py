"""The verbs of targets: word one, word it anew, end it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.clocks.access import may_word_target
from brigade.kernel.clocks.models import Target
from brigade.kernel.clocks.writes import next_series
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.records.canonical import check_text, check_value
from brigade.kernel.refused import Invalid, Refused

if TYPE_CHECKING:
    from brigade.kernel.calendars.models import Calendar
    from brigade.kernel.parties.models import Organisation, Person
    from brigade.kernel.services.models import Offering, Service

CONDITIONS = ("priority", "impact", "urgency", "category", "team")
"""Fields of a record that a condition may ask."""
LONGEST = 400 * 24 * 3600
"""Seconds; a promise over more than that of open time is a mistake."""


class Wish(TypedDict, total=False):
    """What a target says. `seconds` of open time, None for a stopwatch."""

    name: str
    conditions: Mapping[str, Any]
    customer: Organisation | None
    service: Service | None
    offering: Offering | None
    seconds: int | None
    calendar: Calendar
    warn_percent: int
    source: str


def add_target(
    key: str, kind: str, *, by: Person, os_user: str = "", **wish: Unpack[Wish]
) -> Target:
    """Promise something from now on: `key` is what a recipe's clock names.

    Clocks that are running look for their target again at their next happening;
    the loop that follows the clocks carries the change to all others.
    """
    needed(may_word_target(by, wish.get("service")))
    row = Target(key=_key(key), kind=kind, made_by=by, valid_from=instants.now())
    _word(row, wish)
    with acting(by, os_user=os_user):
        row.series = next_series()
        row.save()
    return row


def change_target(target: Target, *, by: Person, os_user: str = "", **wish: Unpack[Wish]) -> Target:
    """Word a target anew from now on; what was promised until now stays known."""
    needed(may_word_target(by, target.service))
    with acting(by, os_user=os_user):
        old = _ended(target)
        now = old.valid_to or instants.now()
        row = Target(series=old.series, key=old.key, kind=old.kind, made_by=by, valid_from=now)
        for name in Wish.__annotations__:
            setattr(row, name, getattr(old, name))
        _word(row, wish)
        needed(may_word_target(by, row.service))
        row.save()
    return row


def end_target(target: Target, *, by: Person, os_user: str = "") -> Target:
    """Promise it no longer; clocks that held it look for another."""
    needed(may_word_target(by, target.service))
    with acting(by, os_user=os_user):
        return _ended(target)


def _ended(target: Target) -> Target:
    row = Target.objects.select_for_update().get(pk=target.pk)
    if row.valid_to is not None:
        raise Refused(
            "target_ended", _("This target was changed or ended meanwhile. Look at it again.")
        )
    row.valid_to = max(instants.now(), row.valid_from)
    row.save(update_fields=["valid_to"])
    return row


def _word(row: Target, wish: Wish) -> None:
    for name, value in wish.items():
        setattr(row, name, value)
    row.name = check_text(row.name.strip(), "name")
    if not row.name or len(row.name) > 120:
        raise Invalid("no_name", _("Give the target a short name."), "name")
    if row.seconds is not None and not 0 < row.seconds <= LONGEST:
        raise Invalid(
            "bad_time", _("Give a time of more than nothing and less than a year."), "seconds"
        )
    if not 1 <= row.warn_percent <= 100:
        raise Invalid("bad_percent", _("Give a percentage from 1 to 100."), "warn_percent")
    if row.calendar_id is None:
        raise Invalid("no_calendar", _("Choose the calendar whose time counts."), "calendar")
    _check_conditions(row)


def _check_conditions(row: Target) -> None:
    for name, allowed in row.conditions.items():
        if name not in CONDITIONS or not isinstance(allowed, list) or not allowed:
            raise Invalid(
                "bad_condition",
                _("A condition names one of %(fields)s and the values it may have.")
                % {"fields": ", ".join(CONDITIONS)},
                "conditions",
            )
    row.conditions = check_value(row.conditions, "conditions")
    if row.offering is not None and row.service_id not in (None, row.offering.service_id):
        raise Invalid("not_its_offering", _("This offering is of another service."), "offering")


def _key(key: str) -> str:
    if (
        not key
        or len(key) > 80
        or any(c not in "abcdefghijklmnopqrstuvwxyz0123456789_." for c in key)
    ):
        raise Invalid("bad_key", _("A target's key looks like incident.restore."), "key")
    return key
