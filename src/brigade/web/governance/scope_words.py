"""What something may be raised about by whoever's roles reach no further than a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.records.access import Standing
from brigade.kernel.records.places import Scope, places_to_open
from brigade.kernel.refused import Invalid
from brigade.web.parties import asking
from brigade.web.parties.rights import KIND_WORDS, scope_names

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def scope_options(kind: str, by: Person) -> list[tuple[str, str]]:
    """Return for a select what one may open a record of a kind about; nothing to ask: none."""
    places = places_to_open(kind, Standing.of(by))
    if not places.scopes:
        return []
    names = scope_names(by, set(places.scopes))
    options = [
        (f"{scope}:{number}", f"{KIND_WORDS[scope]} {names[scope, number]}")
        for scope, number in places.scopes
        if (scope, number) in names
    ]
    free = places.everywhere or len(options) > 1
    return [("", _("None")), *options] if free else options


def scope_sent(text: str) -> Scope | None:
    """Return the scope that a select sent, None for none."""
    scope, _colon, number = text.partition(":")
    found = asking.whole(number)
    if text and (scope not in KIND_WORDS or found is None):
        raise Invalid("unknown", _("There is no such thing to choose here."), "scope")
    return (scope, found) if found is not None else None
