"""Keys for programs that act as a person."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import access, rules
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import ApiToken, Person
from brigade.kernel.parties.tokens import PREFIX, digest_of
from brigade.kernel.refused import Refused


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token and the secret itself, which is shown once and kept nowhere."""

    token: ApiToken
    raw: str


def issue_token(
    person: Person,
    *,
    by: Person,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime,
    os_user: str = "",
) -> IssuedToken:
    """Make a token that may do at most what `person` may, and at most `scopes`, for a year."""
    access.needed(access.may_issue_token(by, person))
    now = instants.now()
    rules.token_life(now, expires_at)
    raw = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        name=rules.text(name, "name", longest=120),
        prefix=raw[: len(PREFIX) + 6],
        digest=digest_of(raw),
        scopes=rules.token_scopes(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    with acting(by, os_user=os_user):
        holder = Person.objects.select_for_update().get(pk=person.pk)
        if not holder.is_active or holder.is_system:
            raise Refused("inactive", _("This person cannot have a token."))
        token.save()
    return IssuedToken(token, raw)


def revoke_token(token: ApiToken, *, by: Person, os_user: str = "") -> ApiToken:
    """End a token; the very next request with it is refused, in every process."""
    with acting(by, os_user=os_user):
        fresh = ApiToken.objects.select_for_update().select_related("person").get(pk=token.pk)
        access.needed(access.may_revoke_token(by, fresh))
        if fresh.revoked_at is not None:
            raise Refused("revoked", _("This token was ended already."))
        fresh.revoked_at = instants.now()
        fresh.save(update_fields=["revoked_at"])
    return fresh
