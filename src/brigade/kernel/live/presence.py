"""Who else is at a record, so that two people do not answer it at once.

A page shows life while somebody looks at it; three missed signs and they are
gone. Only those who work on a record see it, and only they are seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.instants import now
from brigade.kernel.live import writes
from brigade.kernel.live.models import DOINGS, Presence
from brigade.kernel.records.access import Standing, hidden, may
from brigade.kernel.refused import Invalid, NotPermitted

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

EVERY = timedelta(seconds=15)
"""How often a page shows life."""
GONE_AFTER = EVERY * 3


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody at a record: "viewing", "replying" or "noting"."""

    name: str
    doing: str


def show_presence(record: Record, doing: str, *, by: Person) -> None:
    """Note that `by` is at a record. Others hear of it when it is new or has changed."""
    if doing not in DOINGS:
        raise Invalid("doing", _("Say viewing, replying or noting."), "doing")
    _needed(record, by)
    at = now()
    writes.beat(record.pk, by.pk, doing, at=at, alive=at - GONE_AFTER)


def end_presence(record: Record, *, by: Person) -> None:
    """Note that `by` has left a record."""
    _needed(record, by)
    writes.leave(record.pk, by.pk)


def others_at(record: Record, *, by: Person) -> list[Here]:
    """Return who else is at a record, whoever writes first."""
    _needed(record, by)
    there = Presence.objects.filter(record=record, beat_at__gte=now() - GONE_AFTER)
    found = there.exclude(person=by).filter(person__is_active=True).select_related("person")
    order = {doing: place for place, doing in enumerate(("replying", "noting", "viewing"))}
    people = sorted(found, key=lambda each: (order[each.doing], each.person.sort_name))
    return [Here(each.person.name, each.doing) for each in people]


def forget_gone(*, before: datetime) -> int:
    """Forget the signs of life from before `before`; return how many."""
    gone, _detail = Presence.objects.filter(beat_at__lt=before).delete()
    return gone


def _needed(record: Record, person: Person) -> None:
    """Raise where the person does not work on the record: who looks is the desk's own matter."""
    standing = Standing.of(person)
    if may(person, "internal", record, standing):
        return
    if not may(person, "read", record, standing):
        raise hidden()
    raise NotPermitted(
        "not_permitted", _("Only those who work on a record see who else looks at it.")
    )
