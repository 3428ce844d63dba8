"""How many administrators there are: what a second signature and the last one hang on."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties.models import RoleGrant
from brigade.kernel.refused import Refused


def administrators(*, leaving_out: Collection[int] = (), grant: int | None = None) -> list[int]:
    """Return the ids of active people who administer everything now.

    `leaving_out` are people, `grant` a grant, to be thought away.
    """
    now = instants.now()
    grants = RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        role="admin",
        scope_type="all",
        state=RoleGrant.State.GRANTED,
        valid_from__lte=now,
        person__is_active=True,
        person__is_system=False,
    ).exclude(person_id__in=leaving_out)
    if grant is not None:
        grants = grants.exclude(pk=grant)
    return sorted(set(grants.values_list("person_id", flat=True)))


def refuse_last(*, without_person: int | None = None, without_grant: int | None = None) -> None:
    """Refuse a step after which nobody administers the installation any more."""
    left = administrators(
        leaving_out=() if without_person is None else (without_person,), grant=without_grant
    )
    if not left and administrators():
        raise Refused(
            "last_administrator",
            _("This is the last administrator. Make somebody else one first."),
        )
