"""Changing the fields of a record, merged field by field with what others changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import Standing, allows, require
from brigade.kernel.records.models import Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Invalid, NotPermitted, Stale
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.meaning import refuse_unmeant
from brigade.kernel.work.names import REFERENCES
from brigade.kernel.work.offered import fit_offering
from brigade.kernel.work.reach import refuse_unseen
from brigade.kernel.work.step import Step, Way, commit
from brigade.kernel.work.values import COLUMN_TYPES, read_value

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

ELSEWHERE = frozenset(
    {"state", "team", "assignee", "priority", "priority_fact", "channel", "provider"}
)
"""What has a verb of its own, or follows from the rest."""


def set_fields(
    record: Record,
    fields: Mapping[str, Any],
    *,
    by: Person,
    version: int | None = None,
    origin: str = "page",
    at: datetime | None = None,
    os_user: str = "",
) -> Record:
    """Set fields of a record. `version` is the one the person saw.

    What others changed since then stands, unless they changed the same field:
    then Stale is raised with their values, so that the person can choose.
    Raises Invalid with the field, NotPermitted, Hidden, or Refused on a closed record.
    """
    way = Way.of(by, origin, at, os_user)
    standing = Standing.of(by, way.at)

    def decide(step: Step) -> EntryRow | None:
        require(by, "update", step.record, standing)
        step.refuse_closed()
        for name, raw in fields.items():
            _set(step, name, raw)
        fit_offering(step, fields)
        if version is not None:
            _refuse_conflicts(step, fields, version)
        refuse_unmeant(step, fields)
        _keep_required(step)
        step.reprioritise()
        if not step.changes():
            return None
        _may_put_there(step)
        return entry_of(step, "changed", "internal")

    return commit(record.pk, way, decide, standing)


def fields_meant(record: Record, by: Person) -> set[str]:
    """Return the fields asked of such a record: without a condition, or where it holds."""
    recipe = recipe_version(record.recipe_version_id)
    if not any(field.when for field in recipe.fields.values()):
        return set(recipe.fields)
    context = Step.on(record, Way.of(by, "page", None)).context()
    return {key for key, field in recipe.fields.items() if field.applies(context)}


def _set(step: Step, name: str, raw: Any) -> None:
    field = step.recipe.fields.get(name)
    known = name not in step.recipe.internal_own() or allows(step.standing, "internal", step.record)
    if name in ELSEWHERE or (field is None and name not in COLUMN_TYPES) or not known:
        raise Invalid(
            "unknown_field",
            _("“%(field)s” is no field that can be set here.") % {"field": name},
            name,
        )
    if field is not None and not field.is_editable(step.record.state, step.recipe.states):
        raise Invalid(
            "not_settable", _("“%(field)s” follows from the rest.") % {"field": name}, name
        )
    if raw == step.before.get(name):  # what an import brought may stay though no choice names it
        return
    value = read_value(name, raw, field, step.way.by.timezone)
    if value != step.before.get(name):
        refuse_unseen(name, value, field, step.way.by)
    step.put(name, value)


def _refuse_conflicts(step: Step, fields: Mapping[str, Any], version: int) -> None:
    theirs: set[str] = set()
    entries = step.record.journal.filter(number__gt=version, changes__isnull=False)
    for changes in entries.values_list("changes", flat=True):
        theirs |= set(changes or {})
    clash = {
        name: step.before.get(name)
        for name in fields
        if name in theirs and step.before.get(name) != step.get(name)
    }
    if clash:
        raise Stale(
            "changed_meanwhile",
            _("Somebody changed this meanwhile. Keep yours or take theirs."),
            next(iter(clash)),
            theirs=clash,
        )


def _keep_required(step: Step) -> None:
    for name in step.recipe.missing_fields(step.record.state, step.context()):
        if step.before.get(name) != step.get(name):
            raise Invalid(
                "missing_field",
                _("“%(field)s” must stay filled in.") % {"field": step.recipe.label(name)},
                name,
            )


def _may_put_there(step: Step) -> None:
    """Authorise the new values too: nobody may write a record out of their own reach."""
    after = Record(
        kind=step.record.kind,
        confidential=bool(step.get("confidential")),
        **{f"{name}_id": step.get(name) for name in REFERENCES},
    )
    if not allows(step.standing, "update", after):
        raise NotPermitted(
            "not_permitted",
            _("With these values the record would be out of your reach. Ask your lead."),
        )
