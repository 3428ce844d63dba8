"""The first-run setup, as far as it is about people: who we are, who helps, when, by which mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions.accounts import change_preferences
from brigade.kernel.parties.actions.grants import grant_role
from brigade.kernel.parties.actions.groups import add_organisation, add_team
from brigade.kernel.parties.actions.installation import InstallationFacts, change_installation
from brigade.kernel.parties.actions.people import add_person, change_person
from brigade.kernel.parties.actions.relations import add_relation
from brigade.kernel.parties.administrators import administrators
from brigade.kernel.parties.held import holds
from brigade.kernel.parties.lookups import is_member
from brigade.kernel.parties.models import Installation, Organisation, Person, Team
from brigade.kernel.parties.setting_up import needed_while_setting_up
from brigade.kernel.refused import Invalid


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who shall help: they are added, join the team and become an agent."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class SetupAnswers:
    """The answers; an empty one is left for later.

    `hours` maps the days of the week (mon ... sun) to lists of [from, to], wall
    clock in `timezone`. `helping` says that whoever answers helps as well.
    """

    organisation: str = ""
    timezone: str = ""
    hours: dict[str, Any] | None = None
    team: str = ""
    helpers: tuple[Helper, ...] = ()
    helping: bool = False
    mail_from: str = ""
    support_phone: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the answers made: `invited` are the helpers who were not known before."""

    organisation: Organisation | None
    team: Team | None
    invited: tuple[Person, ...]


def answer_setup(answers: SetupAnswers, *, by: Person) -> Settled:
    """Carry out the answers of the setup in one transaction; the setup itself stays open.

    Refused once it is finished, and to everybody but an administrator. While
    there is no second administrator the roles are in force at once and listed as
    self-approved; else they wait for one.
    """
    with acting(by):
        row = needed_while_setting_up(by)
        organisation = _organisation(answers.organisation, by)
        team = _team(answers.team, row, by)
        change_installation(by=by, **_facts(answers, team))
        if answers.timezone and by.timezone == "UTC":
            change_preferences(by, by=by, timezone=answers.timezone)
        invited = _helpers(answers, organisation, team, by)
    return Settled(organisation, team, invited)


def _facts(answers: SetupAnswers, team: Team | None) -> InstallationFacts:
    facts: InstallationFacts = {}
    if answers.organisation:
        facts["name"] = answers.organisation
    if answers.timezone:
        facts["timezone"] = answers.timezone
    if answers.hours is not None:
        facts["hours"] = answers.hours
    if team is not None:
        facts["default_team"] = team
    if answers.mail_from:
        facts["mail_from"] = answers.mail_from
    if answers.support_phone:
        facts["support_phone"] = answers.support_phone
    return facts


def _organisation(name: str, by: Person) -> Organisation | None:
    """Find or add it. Its people ask and are helped, so it is a customer of its own services."""
    if not name:
        return None
    found = Organisation.objects.filter(name__iexact=name, is_active=True).first()
    organisation = found or add_organisation(
        name=name, code=_free_code(slugify(name)[:50] or "organisation"), kind="customer", by=by
    )
    if by.organisation_id is None:
        change_person(by, by=by, organisation=organisation)
    return organisation


def _free_code(wanted: str) -> str:
    taken = {code.lower() for code in Organisation.objects.values_list("code", flat=True)}
    codes = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(code for code in codes if code not in taken)


def _team(name: str, row: Installation, by: Person) -> Team | None:
    if not name:
        return row.default_team
    found = Team.objects.filter(name__iexact=name, is_active=True).first()
    return found or add_team(name=name, by=by)


def _helpers(
    answers: SetupAnswers, organisation: Organisation | None, team: Team | None, by: Person
) -> tuple[Person, ...]:
    new: list[Person] = []
    for helper in answers.helpers:
        person = Person.objects.filter(email=helper.email.lower()).first()
        if person is not None and (not person.is_active or person.is_system):
            said = _("%(address)s belongs to an account that is disabled.")
            raise Invalid("disabled", said % {"address": helper.email}, "helpers")
        if person is None:
            person = add_person(
                name=helper.name, email=helper.email, organisation=organisation,
                language=by.language, timezone=answers.timezone or by.timezone, by=by,
            )  # fmt: skip
            new.append(person)
        _become_agent(person, team, by)
    if answers.helping:
        _become_agent(by, team, by)
    return tuple(new)


def _become_agent(person: Person, team: Team | None, by: Person) -> None:
    if team is not None and not is_member(person.pk, team.pk):
        add_relation("member_of", person, team=team, by=by)
    if person.pk == by.pk and administrators(leaving_out=(by.pk,)):
        return  # Nobody grants a role to themselves once somebody else can.
    if not holds(Person.objects.get(pk=person.pk), "agent"):
        grant_role(person, "agent", by=by, reason=_("Named in the first-run setup."))


def finish_setup(*, by: Person) -> Installation:
    """Note that the setup is over: what only it may do cannot be done any more."""
    with acting(by):
        needed_while_setting_up(by)
        return change_installation(by=by, setup_done=True)
