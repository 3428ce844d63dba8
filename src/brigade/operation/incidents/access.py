"""Who may do what with an incident: role, verb, and how far it reaches.

The requester's row is everybody's; reach `team` is the teams one works in and
what one is assigned; `all` ends at the scope of the grant.
"""

from __future__ import annotations

from brigade.kernel.records.access import Rules

_EVERYTHING_IN_TEAM = {
    "create": "all",
    "read": "all",
    "internal": "all",
    "update": "team",
    "transition": "team",
}
_EVERYTHING = dict.fromkeys(("create", "read", "internal", "update", "transition"), "all")
_READ = {"read": "all", "internal": "all"}

RULES: Rules = {
    "requester": {"create": "own", "read": "own", "transition": "own"},
    "agent": _EVERYTHING_IN_TEAM,
    "team_lead": _EVERYTHING,
    "process_owner": {
        "read": "all",
        "internal": "all",
        "update": "all",
        "transition": "all",
    },
    "service_owner": {"read": "services", "internal": "services", "transition": "services"},
    "change_manager": _READ,
    "vendor_manager": _READ,
    "portfolio_manager": _READ,
    "auditor": _READ,
    "admin": _READ,
    "provider_agent": {"read": "provider", "update": "provider", "transition": "provider"},
    "customer_manager": {"create": "customer", "read": "customer"},
}
"""Finance reads costs of work, and incidents carry none yet: no row, no access."""
