"""Who may do what with an improvement: role, verb, and how far it reaches.

Everybody who works here may propose one and read all; who owns it carries it, and
the process owner and portfolio manager approve it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.access import is_staff, may_administer

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.access import Rules

KIND = "improvement"

_CARRY = {
    "create": "own", "read": "all", "internal": "all", "update": "involved",
    "transition": "involved",
}  # fmt: skip
_EVERYTHING = dict.fromkeys(("create", "read", "internal", "update", "transition"), "all")
_READ = {"read": "all", "internal": "all"}

RULES: Rules = {
    "requester": {"read": "own"},
    "agent": _CARRY,
    "team_lead": _EVERYTHING,
    "process_owner": _EVERYTHING,
    "portfolio_manager": _EVERYTHING,
    "service_owner": _CARRY,
    "change_manager": _CARRY,
    "vendor_manager": _CARRY,
    "finance": _CARRY,
    "auditor": _READ,
    "admin": _READ,
}


def may_see_improvements(person: Person) -> bool:
    """Return whether the person may open the register: everybody who works here."""
    return may_administer(person) or is_staff(person)
