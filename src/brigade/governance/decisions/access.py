"""Who may do what with a decision: role, verb, and how far it reaches.

Everybody who raises one follows it; the portfolio manager keeps the boards' papers.
Who votes follows from the decision right and is asked by the approval, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.access import is_staff, may_administer
from brigade.kernel.records.access import allows

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.access import Rules, Standing
    from brigade.kernel.records.models import Record

KIND = "decision"

_OWN = dict.fromkeys(("read", "internal", "update", "transition"), "own")
_RAISE = {**_OWN, "create": "own"}
_RAISE_READ = {
    "create": "own", "update": "own", "transition": "own", "read": "all", "internal": "all",
}  # fmt: skip
_EVERYTHING = dict.fromkeys(("create", "read", "internal", "update", "transition"), "all")
_READ = {"read": "all", "internal": "all"}

RULES: Rules = {
    "requester": {"read": "own"},
    "agent": _RAISE,
    "team_lead": _RAISE_READ,
    "process_owner": _RAISE_READ,
    "service_owner": _RAISE_READ,
    "change_manager": _RAISE_READ,
    "vendor_manager": _RAISE_READ,
    "finance": _RAISE_READ,
    "portfolio_manager": _EVERYTHING,
    "auditor": _READ,
    "admin": _READ,
    "customer_manager": {"create": "own", "read": "own", "update": "own", "transition": "own"},
}


def may_see_register(person: Person) -> bool:
    """Return whether the person may open the register: everybody who works here."""
    return may_administer(person) or is_staff(person)


def may_prepare(standing: Standing, record: Record) -> bool:
    """Return whether the person writes the paper: who raised it, and the portfolio manager."""
    return allows(standing, "update", record)
