"""Roles and their limits in words, and what one person may give another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brigade.kernel import instants
from brigade.kernel.parties import access
from brigade.kernel.parties.queries import (
    grants_of,
    organisations_visible_to,
    teams_led_by,
    teams_visible_to,
)
from brigade.kernel.parties.roles import ROLES, Role
from brigade.kernel.services.queries import services_visible_to

if TYPE_CHECKING:
    from datetime import datetime

    from brigade.kernel.parties.models import Person, RoleGrant

Scope = tuple[str, int]

MEANING: dict[str, str | Promise] = {
    "requester": gettext_lazy("Reports problems and follows what they reported."),
    "agent": gettext_lazy(
        "Logs work for anybody, reads all of it, and works on what their teams or they have."
    ),
    "team_lead": gettext_lazy("Reads, changes, assigns and moves all work; asks for new agents."),
    "process_owner": gettext_lazy("Reads, changes and moves all work; answers for how it is done."),
    "service_owner": gettext_lazy(
        "Changes the service and its offerings; reads and moves the work about it."
    ),
    "change_manager": gettext_lazy("Reads all work, internal notes included."),
    "vendor_manager": gettext_lazy("Reads all work, internal notes included."),
    "portfolio_manager": gettext_lazy("Adds and changes every service; reads all work."),
    "finance": gettext_lazy("Reads people, teams and services; no work that carries no cost."),
    "auditor": gettext_lazy(
        "Reads all work, rights, mail and the journal; may be the second person for a role."
    ),
    "admin": gettext_lazy(
        "Looks after people, teams, rights and settings; reads all work and changes none."
    ),
    "provider_agent": gettext_lazy("Works on what is handed to their company, and sees no more."),
    "customer_manager": gettext_lazy("Reads and reports the work of this customer."),
}
"""What each role lets a person do, in one sentence."""

KIND_WORDS: dict[str, str | Promise] = {
    "team": gettext_lazy("Team"),
    "customer": gettext_lazy("Customer"),
    "organisation": gettext_lazy("Organisation"),
    "vendor": gettext_lazy("Vendor"),
    "service": gettext_lazy("Service"),
}

ORGANISATION_KINDS = {
    "organisation": ("customer", "internal_provider", "vendor", "integrator"),
    "customer": ("customer", "internal_provider"),
    "vendor": ("vendor", "integrator"),
}
"""Which kinds of organisations a role of each scope can be limited to."""


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant as a page shows it. `kind` and `where` name the limit; both empty: everywhere."""

    grant: RoleGrant
    role: str
    meaning: str | Promise
    kind: str | Promise
    where: str
    state: str
    approve: bool
    revoke: bool


def grant_lines(by: Person, grants: Iterable[RoleGrant]) -> list[GrantLine]:
    """Return grants in words: the same number of queries however many there are."""
    rows = list(grants)
    names = scope_names(by, {(g.scope_type, g.scope_id) for g in rows if g.scope_id})
    now = instants.now()
    return [_line(by, grant, names, now) for grant in rows]


def _line(by: Person, grant: RoleGrant, names: dict[Scope, str], now: datetime) -> GrantLine:
    waiting = grant.state == "requested"
    over = grant.state == "revoked" or (grant.valid_to is not None and grant.valid_to <= now)
    state = "waiting" if waiting else "ended" if over else "held"
    if state == "held" and grant.valid_from > now:
        state = "to_come"
    second = by.pk not in (grant.granted_by_id, grant.person_id)
    limited = grant.scope_id is not None
    return GrantLine(
        grant=grant,
        role=ROLES[grant.role].label,
        meaning=MEANING[grant.role],
        kind=KIND_WORDS[grant.scope_type] if limited else "",
        where=names.get((grant.scope_type, grant.scope_id or 0), _("unknown")) if limited else "",
        state=state,
        approve=waiting and second and access.may_approve_grant(by, grant),
        revoke=state != "ended" and access.may_revoke_grant(by, grant),
    )


def scope_names(by: Person, scopes: set[Any]) -> dict[Scope, str]:
    """Return the names of what roles are limited to, of what `by` may see: three queries."""
    ids: dict[str, set[int]] = {"team": set(), "service": set(), "organisation": set()}
    for kind, number in scopes:
        ids[kind if kind in ids else "organisation"].add(number)
    sources = {
        "team": teams_visible_to(by),
        "service": services_visible_to(by),
        "organisation": organisations_visible_to(by),
    }
    names = {
        kind: dict(rows.filter(pk__in=ids[kind]).values_list("pk", "name"))
        for kind, rows in sources.items()
    }
    return {
        (kind, number): name
        for kind, number in scopes
        if (name := names[kind if kind in names else "organisation"].get(number))
    }


def roles_offered(by: Person) -> list[Role]:
    """Return the roles that `by` may give or ask for, in any scope."""
    roles = [role for role in ROLES.values() if role.key != "requester"]
    if access.may_administer(by):
        return roles
    mine = _own_scopes(by)
    return [
        role
        for role in roles
        if any(
            kind in role.scopes and access.may_ask_for_grant(by, role.key, kind, number)
            for kind, number in mine
        )
    ]


def _own_scopes(by: Person) -> set[Scope]:
    scopes = {(g.scope_type, g.scope_id) for g in grants_of(by) if g.scope_id is not None}
    scopes |= {("team", team) for team in teams_led_by(by)}
    for organisation in access.administered_organisations(by):
        scopes |= {("organisation", organisation), ("customer", organisation)}
    return scopes


def scopes_offered(by: Person, text: str = "", most: int = 5) -> dict[str, list[tuple[int, str]]]:
    """Return what a role that `by` gives may be limited to, by kind, where the name has `text`."""
    whole = access.may_administer(by)
    mine = _own_scopes(by)
    found: dict[str, list[tuple[int, str]]] = {}
    for kind in KIND_WORDS:
        rows: Any
        if kind == "team":
            rows = teams_visible_to(by).filter(is_active=True)
        elif kind == "service":
            rows = services_visible_to(by).exclude(state="retired")
        else:
            rows = organisations_visible_to(by).filter(
                is_active=True, kind__in=ORGANISATION_KINDS[kind]
            )
        if not whole:
            rows = rows.filter(pk__in=[number for one, number in mine if one == kind])
        found[kind] = list(rows.filter(name__icontains=text).values_list("pk", "name")[:most])
    return found
