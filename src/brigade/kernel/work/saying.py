"""Saying something on a record: a public reply, or an internal note."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.records.access import Standing, allows, require
from brigade.kernel.records.canonical import check_text
from brigade.kernel.records.models import Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.step import Step, Way, commit
from brigade.kernel.work.work_time import add_minutes

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

PUBLIC = "public"
INTERNAL = "internal"
BODY_LIMIT = 100_000


def say(
    record: Record,
    body: str,
    *,
    by: Person,
    visibility: str,
    minutes: int = 0,
    origin: str = "page",
    at: datetime | None = None,
    os_user: str = "",
) -> Record:
    """Add a public reply (`visibility="public"`) or an internal note to a record.

    `visibility` has no default: which of the two it is must be said every time.
    A requester or watcher may only speak publicly. `minutes` is the work time that
    goes with it. Raises Invalid for an empty
    or too long text, NotPermitted, Hidden, or Refused on a closed record.
    """
    way = Way.of(by, origin, at, os_user)
    standing = Standing.of(by, way.at)
    text = _clean(body)
    if visibility not in (PUBLIC, INTERNAL):
        raise Invalid("bad_visibility", _("Say whether this is public or internal."), "visibility")

    def decide(step: Step) -> EntryRow:
        may_say(step, visibility)
        if visibility == PUBLIC:
            theirs = step.record.requester_id == by.pk
            step.events = ["answered"] if theirs else ["replied"]
        if minutes:
            add_minutes(step, minutes)
        return entry_of(step, "said", visibility, body=text)

    return commit(record.pk, way, decide, standing)


def _clean(body: str) -> str:
    text = check_text(body.replace("\r\n", "\n").strip(), "body")
    if not text:
        raise Invalid("empty", _("Write something first."), "body")
    if len(text) > BODY_LIMIT:
        raise Invalid(
            "too_long",
            _("This is longer than %(limit)d characters. Attach it as a file instead.")
            % {"limit": BODY_LIMIT},
            "body",
        )
    return text


def may_say(step: Step, visibility: str) -> None:
    """Raise where the person may not add a public or internal entry to the record."""
    record, standing = step.record, step.standing
    require(step.way.by, "read", record, standing)
    if record.state_category in ("closed", "cancelled"):
        raise Refused("closed", _("This is over. If it happens again, report it anew."))
    if allows(standing, "update", record):
        if visibility == INTERNAL and not allows(standing, "internal", record):
            raise NotPermitted("not_permitted", _("You may not write internal notes here."))
        return
    if visibility == PUBLIC and record.requester_id == standing.person_id:
        return
    raise NotPermitted(
        "not_permitted", _("You may read this record but not write on it. Ask its team.")
    )
