"""Giving and taking roles. Two administrators for every grant, as soon as there are two."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import access, administrators, rules, scopes, writes
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.lookups import relations_at
from brigade.kernel.parties.models import Person, Relation, RoleGrant
from brigade.kernel.refused import Invalid, Refused


def grant_role(
    person: Person,
    role: str,
    *,
    by: Person,
    scope_type: str = "all",
    scope_id: int | None = None,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    os_user: str = "",
) -> RoleGrant:
    """Ask for a role for somebody, or give it at once while nobody else could approve.

    Returns a grant that is `requested` when a second administrator exists. As
    long as there is none it is `granted`, `self_approved`, and needs a `reason`;
    only then may an administrator also grant something to themselves. No grant
    reaches back: a `valid_from` in the past means now.
    """
    rules.role_scope(role, scope_type, scope_id)
    start = max(valid_from or instants.now(), instants.now())
    rules.period(start, valid_to)
    with acting(by, os_user=os_user):
        writes.one_rights_change_at_a_time()
        access.needed(access.may_ask_for_grant(by, role, scope_type, scope_id))
        scopes.check_scope(scope_type, scope_id)
        holder = _who_can_hold(person)
        alone = _nobody_else_can_approve(by, holder, role, scope_type, scope_id)
        if holder.pk == by.pk and not alone:
            raise Refused("own_grant", _("Nobody grants a role to themselves."))
        why = rules.reason_for_self_approval(reason) if alone else rules.paragraph(reason, "reason")
        state = RoleGrant.State.GRANTED if alone else RoleGrant.State.REQUESTED
        grant = RoleGrant(
            person=holder, role=role, scope_type=scope_type, scope_id=scope_id,
            valid_from=start, valid_to=valid_to, granted_by=by, created_at=instants.now(),
            state=state, self_approved=alone, reason=why,
        )  # fmt: skip
        _save(grant)
    return grant


def approve_grant(grant: RoleGrant, *, by: Person) -> RoleGrant:
    """Put a requested grant in force from now on, as the second person.

    Refused for who asked, who gains, and who stands in for the one who asked.
    """
    with acting(by):
        writes.one_rights_change_at_a_time()
        fresh = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        access.needed(access.may_approve_grant(by, fresh))
        if fresh.state != RoleGrant.State.REQUESTED:
            raise Refused("not_requested", _("This grant is not waiting for approval."))
        rules.may_be_second_person(
            approver=by.pk,
            asked_by=fresh.granted_by_id,
            holder=fresh.person_id,
            stands_in=_stands_in(by, fresh.granted_by_id),
        )
        _who_can_hold(fresh.person)
        now = instants.now()
        if fresh.valid_to is not None and fresh.valid_to <= now:
            raise Refused("over", _("The period that was asked for is over."))
        fresh.approved_by, fresh.state = by, RoleGrant.State.GRANTED
        fresh.valid_from = max(fresh.valid_from, now)
        fresh.save(update_fields=["approved_by", "state", "valid_from"])
    return fresh


def revoke_grant(grant: RoleGrant, *, by: Person, reason: str = "", os_user: str = "") -> RoleGrant:
    """Take a role away now, or turn a request down. One's own may be handed back.

    The last administrator's right cannot be taken.
    """
    with acting(by, os_user=os_user):
        writes.one_rights_change_at_a_time()
        fresh = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        access.needed(access.may_revoke_grant(by, fresh))
        if fresh.state == RoleGrant.State.REVOKED:
            raise Refused("revoked", _("This grant was taken back already."))
        administrators.refuse_last(without_grant=fresh.pk)
        now = instants.now()
        if fresh.valid_to is None or fresh.valid_to > now:
            fresh.valid_to = max(fresh.valid_from, now)
        fresh.state = RoleGrant.State.REVOKED
        if reason.strip():
            fresh.reason = rules.paragraph(reason, "reason")
        fresh.save(update_fields=["valid_to", "state", "reason"])
    return fresh


def _who_can_hold(person: Person) -> Person:
    holder = Person.objects.select_for_update().get(pk=person.pk)
    if not holder.is_active or holder.is_system:
        raise Invalid("inactive", _("This person cannot hold a role."), "person")
    return holder


def _nobody_else_can_approve(
    by: Person, holder: Person, role: str, scope_type: str, scope_id: int | None
) -> bool:
    """Only an administrator may ever be alone; who merely asks always waits for one."""
    if not access.may_grant(by, role, scope_type, scope_id):
        return False
    return not administrators.administrators(leaving_out=(by.pk, holder.pk))


def _stands_in(deputy: Person, principal_id: int) -> bool:
    standing = relations_at().filter(kind=Relation.Kind.DEPUTISES, person=deputy)
    return standing.filter(other_id=principal_id).exists()


def _save(grant: RoleGrant) -> None:
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as clash:
        if "parties_grant_once_open" in str(clash):
            raise Refused(
                "granted_already", _("This role is held or asked for already.")
            ) from clash
        raise
