"""Rows of the room: who there is, how they belong together, what they may do."""

from brigade.kernel.parties.models.groups import Organisation, Relation, Team
from brigade.kernel.parties.models.installation import Installation
from brigade.kernel.parties.models.people import Person
from brigade.kernel.parties.models.rights import ApiToken, RoleGrant

__all__ = [
    "ApiToken",
    "Installation",
    "Organisation",
    "Person",
    "Relation",
    "RoleGrant",
    "Team",
]
