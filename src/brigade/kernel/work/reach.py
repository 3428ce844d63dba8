"""What somebody from outside may name: only what they may look up themselves.

A record tells the names of what it refers to. Without this, whoever may write
one reference could read the names of a house by trying its ids one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.parties.access import is_operator, is_staff
from brigade.kernel.parties.queries import (
    organisations_visible_to,
    people_visible_to,
    teams_visible_to,
)
from brigade.kernel.recipes.elements import Field
from brigade.kernel.refused import Invalid
from brigade.kernel.services.queries import offerings_visible_to, services_usable_by
from brigade.kernel.work.values import COLUMN_TYPES

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from brigade.kernel.parties.models import Person

_ROWS: dict[str, Callable[[Person], QuerySet[Any]]] = {
    "party": people_visible_to,
    "organisation": organisations_visible_to,
    "service": services_usable_by,
    "offering": offerings_visible_to,
    "team": teams_visible_to,
}


def refuse_unseen(name: str, value: Any, field: Field | None, by: Person) -> None:
    """Raise Invalid where `value`, an id, is nothing that `by` may look up.

    Staff look up everything, so they are not asked and pay no query.
    """
    rows = _ROWS.get(field.type if field is not None else COLUMN_TYPES.get(name, ""))
    if value is None or rows is None or is_staff(by) or is_operator(by):
        return
    if not rows(by).filter(pk=value).exists():
        raise Invalid("bad_value", _("There is nothing like that to choose here."), name)
