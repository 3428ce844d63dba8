"""What a role can be limited to, and how a limit is named.

A higher room that owns a kind of scope (services) registers it when the app is
ready; this room never looks up at it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from brigade.kernel.parties.models import Organisation, Team
from brigade.kernel.refused import Invalid

Lookup = Callable[[int], str | None]
"""From an id to the name of an active thing, or None when there is no such thing."""

_LOOKUPS: Final[dict[str, Lookup]] = {}


def register_scope(scope_type: str, lookup: Lookup) -> None:
    """Say how things of a scope type are found and named."""
    _LOOKUPS[scope_type] = lookup


def scope_name(scope_type: str, scope_id: int | None) -> str | None:
    """Return the name of what a grant is limited to; None for "all" and for what is gone."""
    if scope_id is None:
        return None
    return _LOOKUPS[scope_type](scope_id)


def check_scope(scope_type: str, scope_id: int | None) -> None:
    """Refuse a scope that names nothing there is."""
    if scope_id is not None and scope_name(scope_type, scope_id) is None:
        raise Invalid("unknown_scope", _("There is no such thing to limit it to."), "scope_id")


def _team(team_id: int) -> str | None:
    return Team.objects.filter(pk=team_id, is_active=True).values_list("name", flat=True).first()


def _organisation(*kinds: str) -> Lookup:
    def lookup(organisation_id: int) -> str | None:
        found = Organisation.objects.filter(pk=organisation_id, is_active=True)
        if kinds:
            found = found.filter(kind__in=kinds)
        return found.values_list("name", flat=True).first()

    return lookup


register_scope("team", _team)
register_scope("organisation", _organisation())
register_scope("customer", _organisation("customer", "internal_provider"))
register_scope("vendor", _organisation("vendor", "integrator"))
