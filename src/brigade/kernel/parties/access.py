"""Who may change parties and rights, as sentences.

An administrator holds no right on business records by that role alone, and
nobody grants or edits above their own rights: an administrator of one
organisation reaches neither people who hold more nor scopes outside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.parties.held import (
    Grant,
    grants_of,
    holds,
    organisations_below,
    teams_led_by,
)
from brigade.kernel.refused import NotPermitted

if TYPE_CHECKING:
    from brigade.kernel.parties.models import ApiToken, Organisation, Person, RoleGrant

STAFF_ROLES = frozenset(
    {
        "agent", "team_lead", "process_owner", "service_owner", "change_manager",
        "vendor_manager", "portfolio_manager", "finance", "auditor", "admin",
    }
)  # fmt: skip
"""The roles of the provider's own people; the rest are requesters, customers and vendors."""


def is_operator(person: Person) -> bool:
    """Return whether this is a named operator account, which only the command line can use."""
    return person.is_system and person.is_active


def is_staff(person: Person) -> bool:
    """Return whether the person works for the provider in any role and scope."""
    return any(grant.role in STAFF_ROLES for grant in grants_of(person))


def may_administer(person: Person) -> bool:
    """Return whether the person administers the whole installation."""
    return is_operator(person) or any(
        grant.role == "admin" and grant.scope_type == "all" for grant in grants_of(person)
    )


def administered_organisations(person: Person) -> set[int]:
    """Return the organisations (with those below) that a scoped administrator answers for."""
    roots = [
        grant.scope_id
        for grant in grants_of(person)
        if grant.role == "admin" and grant.scope_type == "organisation" and grant.scope_id
    ]
    return organisations_below(roots) if roots else set()


def may_add_person(by: Person, organisation: Organisation | None) -> bool:
    """Return whether `by` may add somebody to this organisation."""
    if may_administer(by):
        return True
    return organisation is not None and organisation.pk in administered_organisations(by)


def may_edit_person(by: Person, person: Person) -> bool:
    """Return whether `by` may change, disable or enable `person`.

    A change of address is a way into an account, so whoever may edit must
    already cover everything the account may do.
    """
    if may_administer(by):
        return True
    mine = administered_organisations(by)
    if person.is_system or person.organisation_id not in mine:
        return False
    return all(_covered(grant.scope_type, grant.scope_id, mine) for grant in grants_of(person))


def _covered(scope_type: str, scope_id: int | None, organisations: set[int]) -> bool:
    return scope_type in ("organisation", "customer") and scope_id in organisations


def may_grant(by: Person, role: str, scope_type: str, scope_id: int | None) -> bool:
    """Return whether `by` may give or take this role in this scope as an administrator."""
    if may_administer(by):
        return True
    return _covered(scope_type, scope_id, administered_organisations(by))


def may_ask_for_grant(by: Person, role: str, scope_type: str, scope_id: int | None) -> bool:
    """Return whether `by` may ask for this grant, which an administrator then approves.

    A lead asks for agents of the own team, a service owner for a further owner
    of the same service, a customer manager for a further one of the same customer.
    """
    if may_grant(by, role, scope_type, scope_id):
        return True
    wanted = {
        "agent": ("team_lead", "team"),
        "service_owner": ("service_owner", "service"),
        "customer_manager": ("customer_manager", "customer"),
    }.get(role)
    if wanted is None or scope_type != wanted[1]:
        return False
    if role == "agent" and scope_id in teams_led_by(by) and holds(by, "team_lead"):
        return True
    return any(
        grant.role == wanted[0] and (grant.scope_type, grant.scope_id) == (scope_type, scope_id)
        for grant in grants_of(by)
    )


def may_approve_grant(by: Person, grant: RoleGrant) -> bool:
    """Return whether `by` is a second administrator, or an auditor, for this grant.

    Whether they asked for it, gain by it or stand in for who asked is a rule
    of its own (`rules.may_be_second_person`).
    """
    if by.is_system:
        return False
    if any(g.role == "auditor" and g.scope_type == "all" for g in grants_of(by)):
        return True
    return may_grant(by, grant.role, grant.scope_type, grant.scope_id)


def may_revoke_grant(by: Person, grant: RoleGrant) -> bool:
    """Return whether `by` may take this role away or turn the request down.

    Who could give it may; one's own may be handed back, and one's own request withdrawn.
    """
    withdrawn = grant.granted_by_id == by.pk and grant.state == "requested"
    own = grant.person_id == by.pk
    return own or withdrawn or may_grant(by, grant.role, grant.scope_type, grant.scope_id)


def may_change_groups(by: Person) -> bool:
    """Return whether `by` may add or change teams and organisations, and who is in them."""
    return may_administer(by)


def may_appoint_deputy(by: Person, principal: Person) -> bool:
    """Return whether `by` may say who stands in for `principal`: they themselves may."""
    return by.pk == principal.pk or may_edit_person(by, principal)


def may_issue_token(by: Person, person: Person) -> bool:
    """Return whether `by` may make a token that acts as `person`.

    Only the person, so that no administrator can act in another's name; the
    command line may, because whoever reaches it reaches the database.
    """
    return (by.pk == person.pk and person.is_active) or is_operator(by)


def may_revoke_token(by: Person, token: ApiToken) -> bool:
    """Return whether `by` may end this token: its person, or who may edit that person."""
    return by.pk == token.person_id or may_edit_person(by, token.person)


def may_read_rights(by: Person) -> bool:
    """Return whether `by` may read who holds which role, and the list of self-approved grants."""
    return may_administer(by) or holds(by, "auditor") or bool(administered_organisations(by))


def needed(allowed: bool) -> None:
    """Refuse unless `allowed`: the one sentence for "you may see this, but not do it"."""
    if not allowed:
        raise NotPermitted(
            "not_permitted", _("Your roles do not allow this. Ask an administrator.")
        )


__all__ = [
    "STAFF_ROLES",
    "Grant",
    "administered_organisations",
    "holds",
    "is_operator",
    "is_staff",
    "may_add_person",
    "may_administer",
    "may_appoint_deputy",
    "may_approve_grant",
    "may_ask_for_grant",
    "may_change_groups",
    "may_edit_person",
    "may_grant",
    "may_issue_token",
    "may_read_rights",
    "may_revoke_grant",
    "may_revoke_token",
    "needed",
]
