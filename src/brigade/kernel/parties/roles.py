"""The thirteen roles and the scopes each may be held in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from brigade.kernel.sentences import _

SCOPES: Final = ("all", "organisation", "customer", "service", "vendor", "team")


@dataclass(frozen=True, slots=True)
class Role:
    """A role as it can be granted: its key, its name, and the scopes that make sense for it."""

    key: str
    word: str
    scopes: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name of the role in the reader's language."""
        return _(self.word)


_STAFF = ("all", "organisation", "customer", "service", "team")

ROLES: Final[dict[str, Role]] = {
    role.key: role
    for role in (
        Role("requester", _("Requester"), ("all",)),
        Role("agent", _("Agent"), _STAFF),
        Role("team_lead", _("Team lead"), ("all", "team")),
        Role("process_owner", _("Process owner"), ("all",)),
        Role("service_owner", _("Service owner"), ("all", "service")),
        Role("change_manager", _("Change manager"), ("all",)),
        Role("vendor_manager", _("Vendor manager"), ("all", "vendor")),
        Role("portfolio_manager", _("Portfolio manager"), ("all",)),
        Role("finance", _("Finance"), ("all",)),
        Role("auditor", _("Auditor"), ("all",)),
        Role("admin", _("Administrator"), ("all", "organisation")),
        Role("provider_agent", _("Provider agent"), ("vendor",)),
        Role("customer_manager", _("Customer manager"), ("customer",)),
    )
}
"""Everybody signed in is a requester of their own things, granted or not."""
