"""The fields of a record: what is filled, what could be, and where each is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.recipes.compiled import is_empty
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.naming import names_of
from brigade.kernel.work.changing import ELSEWHERE, fields_meant
from brigade.kernel.work.names import PLAIN, REFERENCES
from brigade.kernel.work.work_time import worked
from brigade.web.shell.times import localtime
from brigade.web.work.controls import type_of
from brigade.web.work.record_words import channel_label, field_label, value_words

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.reading import Reading

ASIDE = (
    "title", "description", "requester", "service", "customer", "category", "passes", "decide_by",
)  # fmt: skip
"""Fields that have a place of their own on the page."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the details; `name` is the field where it can be changed."""

    label: str
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known, and the fields that could still be filled in, as (name, label)."""

    facts: list[Fact]
    empty: list[tuple[str, str]]


def value_of(record: Record, name: str) -> Any:
    """Return the value of a field as the verbs see it; a reference is an id."""
    if name in REFERENCES:
        return getattr(record, f"{name}_id")
    return getattr(record, name) if name in PLAIN else record.data.get(name)


def editable(record: Record, recipe: CompiledRecipe, name: str) -> bool:
    """Tell whether a field of the record can be changed by itself on a page."""
    if name in ELSEWHERE or record.state_category in ("closed", "cancelled"):
        return False
    known = recipe.fields.get(name)
    if known is not None and not known.is_editable(record.state, recipe.states):
        return False
    return bool(type_of(recipe, name))


def details(reading: Reading, recipe: CompiledRecipe, person: Person) -> Details:
    """Return the filled fields in the recipe's order, then how the record came to be."""
    record = reading.record
    facts, empty = [], []
    names = names_of(recipe, record.data)
    meant = fields_meant(record, person)
    kept = frozenset() if reading.internal else recipe.internal_own()
    for name in recipe.fields:
        if name in ASIDE or name in kept:
            continue
        value = value_of(record, name)
        change = name if reading.update and editable(record, recipe, name) else ""
        said = (value is not False and value != 0) or recipe.fields[name].own
        if not is_empty(value) and said:
            words = value_words(recipe, name, value, names)
            facts.append(Fact(field_label(recipe, name), words, change))
        elif change and name in meant:
            empty.append((name, field_label(recipe, name)))
    if record.offering_id is None and reading.update and editable(record, recipe, "offering"):
        empty.append(("offering", field_label(recipe, "offering")))
    return Details([*facts, *_worked(record), *_origin(record)], empty)


def own_facts(record: Record) -> list[Fact]:
    """Return what the organisation's own fields say that whoever asked may read."""
    recipe = recipe_version(record.recipe_version_id)
    public = [key for key, one in recipe.fields.items() if one.own and one.public]
    said = {name: record.data[name] for name in public if not is_empty(record.data.get(name))}
    names = names_of(recipe, said)
    return [
        Fact(field_label(recipe, name), value_words(recipe, name, value, names))
        for name, value in said.items()
    ]


def _worked(record: Record) -> list[Fact]:
    """Return why the priority is another than the matrix gives, and the time worked."""
    facts = []
    if record.data.get("priority_reason"):
        facts.append(Fact(_("Why not the matrix"), record.data["priority_reason"]))
    elif record.data.get("off_matrix"):
        facts.append(Fact(_("Priority"), _("Came in so; the matrix gives another one.")))
    if minutes := worked(record):
        facts.append(Fact(_("Time worked"), minutes_in_words(minutes)))
    return facts


def minutes_in_words(minutes: int) -> str:
    """Return minutes as hours and minutes, as a timesheet has them."""
    hours, rest = divmod(minutes, 60)
    named = {"hours": hours, "minutes": rest}
    return _("%(hours)d h %(minutes)d min") % named if hours else _("%(minutes)d min") % named


def _origin(record: Record) -> list[Fact]:
    facts = [Fact(_("Came by"), channel_label(record.channel))] if record.channel else []
    facts.append(Fact(_("Opened"), localtime(record.opened_at)))
    if record.opened_by is not None and record.opened_by_id != record.requester_id:
        facts.append(Fact(_("Logged by"), record.opened_by.name))
    if record.resolved_at is not None:
        facts.append(Fact(_("Resolved"), localtime(record.resolved_at)))
    if record.closed_at is not None:
        facts.append(Fact(_("Closed"), localtime(record.closed_at)))
    if record.source:
        facts.append(Fact(_("From"), record.source))
    return facts
