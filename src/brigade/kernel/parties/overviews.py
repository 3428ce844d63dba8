"""Pages of grants and tokens across people, for who looks after rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from brigade.kernel import instants
from brigade.kernel.parties import access
from brigade.kernel.parties.administrators import administrators
from brigade.kernel.parties.models import ApiToken, RoleGrant
from brigade.kernel.parties.queries import grants_to_approve, grants_visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from brigade.kernel.parties.models import Person

KINDS = ("waiting", "held", "alone", "ended")
"""Grants that wait for a second person, that hold, that had none, and that are over."""


def grants_page(
    person: Person, kind: str, *, before: int | None = None, limit: int = 50
) -> list[RoleGrant]:
    """Return a page of the visible grants of one of `KINDS`, newest first.

    `before` is the id of the last row of the page before.
    """
    grants = _of_kind(person, kind)
    if before is not None:
        grants = grants.filter(pk__lt=before)
    return list(grants.order_by("-id")[:limit])


def _of_kind(person: Person, kind: str) -> QuerySet[RoleGrant]:
    now = instants.now()
    grants = grants_visible_to(person)
    past = Q(valid_to__isnull=False, valid_to__lte=now)
    if kind == "waiting":
        return grants.filter(state=RoleGrant.State.REQUESTED)
    if kind == "alone":
        return grants.filter(self_approved=True)
    if kind == "ended":
        return grants.filter(Q(state=RoleGrant.State.REVOKED) | past)
    return grants.filter(state=RoleGrant.State.GRANTED).exclude(past)


def count_to_approve(person: Person) -> int:
    """Return how many grants wait for the signature of this person, at most 1,000."""
    mine = [g for g in grants_to_approve(person)[:1000] if access.may_approve_grant(person, g)]
    return len(mine)


def would_be_alone(by: Person, holder: Person) -> bool:
    """Return whether a role that `by` as administrator gives to `holder` has no second person."""
    return access.may_administer(by) and not administrators(leaving_out=(by.pk, holder.pk))


def tokens_page(person: Person, *, before: int | None = None, limit: int = 50) -> list[ApiToken]:
    """Return a page of everybody's tokens, newest first; only an administrator of everything."""
    access.needed(access.may_administer(person))
    tokens = ApiToken.objects.select_related("person").order_by("-id")
    if before is not None:
        tokens = tokens.filter(pk__lt=before)
    return list(tokens[:limit])


def token_of_anybody(token_id: int, *, by: Person) -> ApiToken | None:
    """Return a token that `by` may end."""
    token = ApiToken.objects.select_related("person").filter(pk=token_id).first()
    return token if token is not None and access.may_revoke_token(by, token) else None


def what_would_end(person: Person) -> dict[str, int]:
    """Return how many roles and tokens a person would lose by being disabled. Unscoped."""
    now = instants.now()
    roles = RoleGrant.objects.filter(person=person).exclude(state=RoleGrant.State.REVOKED)
    tokens = ApiToken.objects.filter(person=person, revoked_at=None, expires_at__gt=now)
    return {
        "roles": roles.filter(Q(valid_to=None) | Q(valid_to__gt=now)).count(),
        "tokens": tokens.count(),
    }
