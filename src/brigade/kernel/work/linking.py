"""Linking records to each other, as far as their recipes allow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import Standing, require
from brigade.kernel.records.models import Link, Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.step import Step, Way, commit

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def link(record: Record, other: Record, type: str, *, by: Person, origin: str = "page") -> Link:
    """Link `record` to `other` ("duplicates", "caused_by", "child_of"), told on both journals.

    The person must be able to change the one and read the other. Raises
    Invalid for a type the recipe does not know, or a circle; Refused where the
    link is there already.
    """
    way = Way.of(by, origin, None)
    standing = Standing.of(by, way.at)
    require(by, "update", record, standing)
    require(by, "read", other, standing)
    _check_type(record, other, type)
    _check_circle(record, other, type)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Link.objects.create(
                    record=record, other=other, type=type, made_by=by, made_at=way.at
                )
        except IntegrityError as error:
            raise Refused("linked_already", _("These two are linked like this already.")) from error
        _tell(record, type, [None, other.number], way, standing)
        _tell(other, f"{type}.from", [None, record.number], way, standing)
    return made


def unlink(made: Link, *, by: Person, origin: str = "page") -> None:
    """Take a link off again; both journals keep that it was there."""
    way = Way.of(by, origin, None)
    standing = Standing.of(by, way.at)
    record, other = made.record, made.other
    require(by, "update", record, standing)
    with transaction.atomic():
        made.delete()
        if other is not None:
            _tell(record, made.type, [other.number, None], way, standing)
            _tell(other, f"{made.type}.from", [record.number, None], way, standing)


def _check_type(record: Record, other: Record, type: str) -> None:
    recipe = recipe_version(record.recipe_version_id)
    if not any(rule.as_ == type and rule.to == other.kind for rule in recipe.links):
        raise Invalid("unknown_link", _("Records of this kind cannot be linked like this."), "type")


def _check_circle(record: Record, other: Record, type: str) -> None:
    """A record cannot be, over whatever steps, its own duplicate, cause or parent."""
    seen, frontier = {record.pk}, {other.pk}
    while frontier:
        if frontier & {record.pk}:
            raise Invalid("circle", _("This would lead back to the record itself."), "other")
        seen |= frontier
        frontier = (
            set(
                Link.objects.filter(record_id__in=frontier, type=type).values_list(
                    "other_id", flat=True
                )
            )
            - (seen - {record.pk})
            - {None}
        )


def _tell(
    record: Record, type: str, change: list[str | None], way: Way, standing: Standing
) -> None:
    def decide(step: Step) -> EntryRow:
        entry = entry_of(step, "linked", "internal")
        return replace(entry, changes={f"link.{type}": change}, words=str(change[1] or ""))

    commit(record.pk, way, decide, standing)
