"""The roles of a recipe in a reader's words."""

from __future__ import annotations

from brigade.kernel.recipes.elements import plain_words
from brigade.kernel.sentences import _


def role_name(role: str, otherwise: str | None = None) -> str:
    """Return the name of a role; one without a word of its own has `otherwise`, or its key."""
    named = {
        "requester": _("requester"),
        "agent": _("agent"),
        "team_lead": _("team lead"),
        "process_owner": _("process owner"),
        "service_owner": _("service owner"),
        "change_manager": _("change manager"),
        "vendor_manager": _("vendor manager"),
        "portfolio_manager": _("portfolio manager"),
        "finance": _("finance"),
        "auditor": _("auditor"),
        "admin": _("administrator"),
        "provider_agent": _("provider's agent"),
        "external_agent": _("provider's agent"),
        "customer_manager": _("customer manager"),
        "assignee": _("assignee"),
        "watchers": _("watchers"),
        "system": _("Brigade itself"),
    }
    return named.get(role) or otherwise or plain_words(role)
