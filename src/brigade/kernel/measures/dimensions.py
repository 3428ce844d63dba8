"""By what a figure is broken down: the library's dimensions and the organisation's own fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.parties.models import Organisation, Team
from brigade.kernel.recipes.own_fields import DIVIDES, PREFIX, OwnField, own_fields
from brigade.kernel.recipes.queries import recipe_for
from brigade.kernel.refused import Hidden, Invalid
from brigade.kernel.services.models import Service

if TYPE_CHECKING:
    from brigade.kernel.measures.reading import Definition

Of = int | str
"""What a part is of: an id, 0 for none given; of an own field its value as text, "" for none."""
LONGEST = 300
_NAMES = {"service": Service, "customer": Organisation, "team": Team, "provider": Organisation}


def own_dimensions(definition: Definition) -> dict[str, OwnField]:
    """Return the own fields with few values of what is measured, by their name in an address."""
    try:
        own = own_fields([recipe_for(definition.kind)])
    except Hidden:
        return {}
    return {f"{PREFIX}{key}": one for key, one in own.items() if one.field.type in DIVIDES}


def dimensions(definition: Definition) -> list[str]:
    """Return everything a figure is broken down by: what its formula says, then own fields."""
    return [*definition.measure.formula.dims, *own_dimensions(definition)]


def own_dimension(definition: Definition, name: str | None) -> OwnField | None:
    """Return the own field that a dimension is, or None where it is one of the library."""
    if name is None or not name.startswith(PREFIX):
        return None
    return own_dimensions(definition).get(name)


def known_dimension(definition: Definition, name: str) -> str:
    """Return a dimension of the figure; raises Invalid for what is none."""
    known = dimensions(definition)
    if name not in known:
        raise Invalid(
            "no_such_dimension",
            _("This figure is cut by %(names)s.") % {"names": ", ".join(known)},
            "by",
        )
    return name


def part_asked(definition: Definition, name: str, of: str) -> tuple[str, Of]:
    """Return a dimension and one of its parts as an address names them; Invalid for no part."""
    known_dimension(definition, name)
    if name.startswith(PREFIX):
        if len(of) <= LONGEST and of.isprintable():
            return name, of
    elif of.isascii() and of.isdecimal() and len(of) < 19:
        return name, int(of)
    raise Invalid("no_such_part", _("This figure has no such part."), "of")


def names_of(definition: Definition, name: str, parts: Iterable[Of]) -> dict[Of, str]:
    """Return the names of parts; what has none is left out."""
    own = own_dimension(definition, name)
    if own is not None:
        return {of: _choice(own, str(of)) for of in parts if of}
    rows = _NAMES[name]._default_manager.filter(pk__in=[of for of in parts if of])
    return dict(rows.values_list("pk", "name"))


def _choice(own: OwnField, of: str) -> str:
    if own.field.type == "bool":
        return _("Yes") if of == "true" else _("No")
    chosen = next((one for one in own.field.of if str(one) == of), of)
    return own.recipe.choice_label(own.field.key, chosen)
