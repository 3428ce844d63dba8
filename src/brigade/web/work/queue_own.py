"""The organisation's own fields in a queue: looked for, named in its filters, shown as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.recipes.own_fields import PREFIX, SOUGHT, OwnField, own_fields
from brigade.kernel.records.lists import OwnFilter
from brigade.kernel.records.naming import names_of
from brigade.kernel.refused import Invalid
from brigade.kernel.work.own_filters import own_filter
from brigade.kernel.work.values import read_value
from brigade.web.work.controls import Control, control
from brigade.web.work.record_words import value_words

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe

Own = Mapping[str, OwnField]
"""Fields by the name they have in an address, `field_till`."""


def own_of(recipes: Iterable[CompiledRecipe] | None = None) -> Own:
    """Return the fields of these recipes, or of all that run, by their name in an address."""
    return {f"{PREFIX}{name}": one for name, one in own_fields(recipes).items()}


def sought(own: Own) -> list[str]:
    """Return the names of those by which records are looked up."""
    return [name for name, one in own.items() if one.field.type in SOUGHT]


def own_filters(params: Mapping[str, Sequence[str]], own: Own) -> tuple[OwnFilter, ...]:
    """Return what the parameters ask of the fields; what is no value of one finds nothing."""
    return tuple(_filter(own[name], params[name]) for name in sought(own) if params.get(name))


def _filter(own: OwnField, values: Sequence[str]) -> OwnFilter:
    try:
        return own_filter(own, values)
    except Invalid:
        return OwnFilter(own.field.key, (), own.field.public)


def own_questions(own: Own, person: Person, chosen: Mapping[str, Sequence[str]]) -> list[Control]:
    """Return the controls of the filter menu, with what is chosen where it is just one value."""
    found = []
    for name in sought(own):
        recipe, key = own[name].recipe, own[name].field.key
        values = chosen.get(name, ())
        one = control(recipe, key, person)
        kind = "text" if one.type == "textarea" else one.type
        value = values[0] if len(values) == 1 and kind != "picker" else ""
        options = [("", _("Any")), *one.options[1:]] if one.options else []
        found.append(
            replace(
                one, name=name, type=kind, value=value, hint="", optional=False, options=options
            )
        )
    return found


def in_words(own: OwnField, values: Sequence[str]) -> list[str]:
    """Return values of a filter in words; what is no value of the field stands as it is."""
    key, field = own.field.key, own.field
    read: list[Any] = []
    for one in values:
        try:
            is_id = field.type in ("party", "team", "organisation", "service")
            read.append(int(one) if is_id else read_value(key, one, field))
        except (Invalid, ValueError):
            read.append(None)
    names = names_of(own.recipe, *({key: one} for one in read if one is not None))
    return [
        str(one) if value is None else value_words(own.recipe, key, value, names)
        for one, value in zip(values, read, strict=True)
    ]


def cells(own: Own, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the values of rows, each by key of the field, in words by name in an address.

    The names of people and teams are read at once for each recipe that has such fields.
    """
    by_recipe: dict[int, CompiledRecipe] = {id(one.recipe): one.recipe for one in own.values()}
    names = {key: names_of(recipe, *rows) for key, recipe in by_recipe.items()}
    return [
        {
            name: value_words(one.recipe, one.field.key, row[one.field.key], names[id(one.recipe)])
            for name, one in own.items()
            if one.field.key in row
        }
        for row in rows
    ]
