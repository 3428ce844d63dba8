"""What somebody looks for in a field of the organisation's own, as a list takes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.recipes.own_fields import SOUGHT, OwnField
from brigade.kernel.recipes.trees import beneath
from brigade.kernel.records.canonical import canonical_json
from brigade.kernel.records.lists import OwnFilter
from brigade.kernel.refused import Invalid
from brigade.kernel.work.values import read_value

if TYPE_CHECKING:
    from brigade.kernel.recipes.elements import Field

MOST = 20
"""Values of one field that are looked for at once."""


def own_filter(own: OwnField, given: Iterable[str]) -> OwnFilter:
    """Return the filter for any of these values; raises Invalid for what is no value of it.

    A branch of a tree stands for everything beneath it.
    """
    field = own.field
    if field.type not in SOUGHT:
        raise Invalid(
            "not_sought",
            _("Records are not looked up by “%(field)s”.") % {"field": own.label},
            field.key,
        )
    values = [value for raw in list(given)[:MOST] for value in _values(field, raw)]
    texts = tuple(canonical_json({field.key: value}) for value in dict.fromkeys(values))
    return OwnFilter(field.key, texts, field.public)


def _values(field: Field, raw: str) -> list[Any]:
    if field.type in ("party", "team", "organisation", "service"):
        if not (raw.isascii() and raw.isdecimal() and len(raw) < 19):
            raise Invalid("bad_value", _("Choose one from the list."), field.key)
        return [int(raw)]
    value = read_value(field.key, raw, field)
    if value is None:
        return []
    return beneath(field.of, value) if field.type == "tree" and field.of else [value]
