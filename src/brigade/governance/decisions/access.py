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
PREPARES = "transition"
"""The verb of access that preparing, opening and withdrawing ask for."""

_RAISE = dict.fromkeys(("create", "read", "internal", "update", "transition"), "own")
_SIT = {**_RAISE, "read": "all", "internal": "all", "update": "involved"}
_EVERYTHING = dict.fromkeys(("create", "read", "internal", "update", "transition"), "all")
_READ = {"read": "all", "internal": "all"}

RULES: Rules = {
    "requester": {"read": "own", "transition": "own"},
    "agent": _RAISE,
    "team_lead": _SIT,
    "process_owner": _SIT,
    "service_owner": _SIT,
    "change_manager": _SIT,
    "vendor_manager": _SIT,
    "finance": _SIT,
    "portfolio_manager": _EVERYTHING,
    "auditor": _READ,
    "admin": _READ,
}
"""The team of a decision is the body that decides: its members write on it. Who raised one
does as well, within the reach of the role by which it was raised.
"""


def may_see_register(person: Person) -> bool:
    """Return whether the person may open the register: everybody who works here."""
    return may_administer(person) or is_staff(person)


def may_prepare(standing: Standing, record: Record) -> bool:
    """Return whether the person writes the paper: who raised it, and the portfolio manager."""
    return allows(standing, PREPARES, record)
