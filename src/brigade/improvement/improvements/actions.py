"""The one verb the kernel does not have: propose an improvement of something that has a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.improvement.improvements.access import KIND
from brigade.kernel import instants
from brigade.kernel.records.models import Link, Record
from brigade.kernel.records.places import columns_in, place_to_open
from brigade.kernel.refused import Invalid
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.step import Step, Way, commit
from brigade.kernel.work.values import read_value

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.places import Scope
    from brigade.kernel.records.rows import EntryRow

IMPROVES = "improves"
"""The type of the link from an improvement to what gets better."""
PROPOSED = ("owner", "improves", "measure", "baseline", "target", "due")
"""What may be said with the proposal, beside title and description."""


def propose_improvement(
    title: str,
    *,
    by: Person,
    description: str = "",
    of: tuple[str, int] | None = None,
    scope: Scope | None = None,
    origin: str = "page",
    **fields: Any,
) -> Record:
    """Put an improvement into the register, linked to what it improves.

    `scope` is what it belongs to, such as ("service", 12): whoever's roles reach no
    further proposes within them, and need not name the only one.
    `of` is a typed reference, such as ("decision_right", its series): practices
    above and below are named alike, and the page that shows both ends follows it.
    `fields` are those of the recipe that a proposal may name.
    """
    if not title.strip():
        raise Invalid("no_title", _("Say in one line what gets better."), "title")
    unknown = set(fields) - set(PROPOSED)
    if unknown:
        raise Invalid(
            "unknown_field",
            _("There is no field called “%(field)s”.") % {"field": min(unknown)},
            min(unknown),
        )
    within = place_to_open(KIND, by, scope)
    with transaction.atomic():
        plain = {"title": title, "description": description, "requester": by}
        record = open_record(KIND, by=by, fields=plain, channel="desk", origin=origin, scope=within)
        if of is not None:
            Link.objects.create(
                record=record, type=IMPROVES, target_kind=of[0], target_id=of[1],
                made_by=by, made_at=instants.now(),
            )  # fmt: skip
        team = columns_in(within).get("team")
        return _told(record, {**fields, "team": team}, of, by, origin)


def _told(
    record: Record,
    fields: Mapping[str, Any],
    of: tuple[str, int] | None,
    by: Person,
    origin: str,
) -> Record:
    """Write what the proposal says; it is nobody's work yet but that of a team it is made for."""

    def decide(step: Step) -> EntryRow | None:
        step.put("team", None)
        for name, raw in fields.items():
            value = read_value(name, raw, step.recipe.fields.get(name), by.timezone)
            if value is not None:
                step.put(name, value)
        if not step.changes() and of is None:
            return None
        entry = entry_of(step, "changed", "internal")
        if of is None:
            return entry
        return entry.with_changes({f"link.{IMPROVES}": [None, f"{of[0]}:{of[1]}"]})

    return commit(record.pk, Way.of(by, origin, None), decide)
