"""Teams and organisations."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from brigade.kernel.parties import access, rules
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.held import organisations_above
from brigade.kernel.parties.models import Installation, Organisation, Person, Team
from brigade.kernel.refused import Invalid, Refused


class TeamFacts(TypedDict, total=False):
    """What may be said about a team; a key left out stays as it is."""

    name: str
    description: str
    email: str
    is_active: bool


class OrganisationFacts(TypedDict, total=False):
    """What may be said about an organisation; a key left out stays as it is."""

    name: str
    code: str
    kind: str
    parent: Organisation | None
    is_active: bool


def add_team(
    *, name: str, by: Person, description: str = "", email: str = "", os_user: str = ""
) -> Team:
    """Add a team: a queue of its own, empty of people."""
    access.needed(access.may_change_groups(by))
    team = Team()
    with acting(by, os_user=os_user):
        apply_team_facts(team, {"name": name, "description": description, "email": email})
        team.save()
    return team


def change_team(team: Team, *, by: Person, os_user: str = "", **facts: Unpack[TeamFacts]) -> Team:
    """Change a team, and return the fresh row. The default team cannot be closed."""
    access.needed(access.may_change_groups(by))
    with acting(by, os_user=os_user):
        fresh = Team.objects.select_for_update().get(pk=team.pk)
        apply_team_facts(fresh, facts)
        fresh.save()
    return fresh


def apply_team_facts(team: Team, facts: TeamFacts) -> None:
    """Set the facts given on the object, each checked; nothing is saved."""
    if "name" in facts:
        team.name = rules.text(facts["name"], "name")
        if Team.objects.filter(name__iexact=team.name).exclude(pk=team.pk).exists():
            raise Invalid("name_taken", _("Another team has this name."), "name")
    if "description" in facts:
        team.description = rules.paragraph(facts["description"], "description")
    if "email" in facts:
        team.email = rules.email(facts["email"]) or ""
    if "is_active" in facts:
        if not facts["is_active"] and Installation.objects.filter(default_team=team).exists():
            raise Refused("default_team", _("Choose another default team first."))
        team.is_active = facts["is_active"]


def add_organisation(
    *,
    name: str,
    code: str,
    kind: str,
    by: Person,
    parent: Organisation | None = None,
    os_user: str = "",
) -> Organisation:
    """Add a customer, a provider, a vendor or an integrator."""
    access.needed(access.may_change_groups(by))
    organisation = Organisation()
    with acting(by, os_user=os_user):
        apply_organisation_facts(
            organisation, {"name": name, "code": code, "kind": kind, "parent": parent}
        )
        organisation.save()
    return organisation


def change_organisation(
    organisation: Organisation, *, by: Person, os_user: str = "", **facts: Unpack[OrganisationFacts]
) -> Organisation:
    """Change an organisation, and return the fresh row."""
    access.needed(access.may_change_groups(by))
    with acting(by, os_user=os_user):
        fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
        apply_organisation_facts(fresh, facts)
        fresh.save()
    return fresh


def apply_organisation_facts(organisation: Organisation, facts: OrganisationFacts) -> None:
    """Set the facts given on the object, each checked; nothing is saved."""
    if "name" in facts:
        organisation.name = rules.text(facts["name"], "name")
    if "code" in facts:
        organisation.code = rules.code(facts["code"])
        taken = Organisation.objects.filter(code__iexact=organisation.code)
        if taken.exclude(pk=organisation.pk).exists():
            raise Invalid("code_taken", _("Another organisation has this code."), "code")
    if "kind" in facts:
        organisation.kind = rules.one_of(facts["kind"], Organisation.Kind.values, "kind")
    if "parent" in facts:
        parent = facts["parent"]
        if organisation.pk and parent and organisation.pk in organisations_above(parent.pk):
            raise Invalid("circle", _("An organisation cannot be part of itself."), "parent")
        organisation.parent = parent
    if "is_active" in facts:
        organisation.is_active = facts["is_active"]
