"""Who may change services, as sentences.

The identity of a service belongs to its owner and to portfolio management; an
administrator only reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.access import is_operator
from brigade.kernel.parties.held import grants_of

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.services.models import Service


def may_add_service(by: Person) -> bool:
    """Return whether `by` may add a service: they answer for all of them, or for the portfolio."""
    return is_operator(by) or any(
        grant.role in ("service_owner", "portfolio_manager") and grant.scope_type == "all"
        for grant in grants_of(by)
    )


def may_change_service(by: Person, service: Service) -> bool:
    """Return whether `by` may change this service and its offerings.

    Being named as the owner is not enough: the role is what was approved.
    """
    return may_add_service(by) or any(
        grant.role == "service_owner" and grant.scope_id == service.pk for grant in grants_of(by)
    )


def may_decide_ownership(by: Person) -> bool:
    """Return whether `by` may say who owns a service and how much hangs on it.

    An owner of one service does not raise its importance or hand it over alone.
    """
    return may_add_service(by)
