"""The verbs of the room. Each is one transaction, in somebody's name."""

from brigade.kernel.parties.actions.accounts import (
    change_preferences,
    disable_person,
    enable_person,
    end_sessions,
    pseudonymise_person,
    set_password,
)
from brigade.kernel.parties.actions.first import create_first_admin
from brigade.kernel.parties.actions.grants import (
    approve_grant,
    grant_role,
    revoke_grant,
)
from brigade.kernel.parties.actions.groups import (
    add_organisation,
    add_team,
    change_organisation,
    change_team,
)
from brigade.kernel.parties.actions.installation import change_installation
from brigade.kernel.parties.actions.people import add_person, change_person
from brigade.kernel.parties.actions.relations import add_relation, end_relation
from brigade.kernel.parties.actions.tokens import IssuedToken, issue_token, revoke_token
from brigade.kernel.parties.operators import operator

__all__ = [
    "IssuedToken",
    "add_organisation",
    "add_person",
    "add_relation",
    "add_team",
    "approve_grant",
    "change_installation",
    "change_organisation",
    "change_person",
    "change_preferences",
    "change_team",
    "create_first_admin",
    "disable_person",
    "enable_person",
    "end_relation",
    "end_sessions",
    "grant_role",
    "issue_token",
    "operator",
    "pseudonymise_person",
    "revoke_grant",
    "revoke_token",
    "set_password",
]
