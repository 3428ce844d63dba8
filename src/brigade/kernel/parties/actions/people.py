"""Adding people and changing what is said about them."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.db import IntegrityError
from django.utils.translation import gettext as _

from brigade.kernel.parties import access, rules, sign_in
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Organisation, Person
from brigade.kernel.refused import Invalid, Refused


class PersonFacts(TypedDict, total=False):
    """What may be said about a person; a key left out stays as it is."""

    name: str
    email: str | None
    title: str
    phone: str
    organisation: Organisation | None
    language: str
    timezone: str


def add_person(
    *, name: str, by: Person, os_user: str = "", **facts: Unpack[_FactsButName]
) -> Person:
    """Add somebody who can be a requester at once; roles are granted apart.

    Without `email` they are known by name only and cannot sign in. The account
    has no password until the person sets one through a reset or an invitation.
    """
    organisation = facts.get("organisation")
    access.needed(access.may_add_person(by, organisation))
    person = Person(name="?")
    apply_facts(person, {"name": name, **facts})
    person.set_unusable_password()
    with acting(by, os_user=os_user):
        refuse_taken_address(person)
        _save(person)
    return person


def change_person(
    person: Person, *, by: Person, os_user: str = "", **facts: Unpack[PersonFacts]
) -> Person:
    """Change what is said about somebody, and return the fresh row.

    A new address ends every session and forgets the old one, because the
    address is the way in. Old and new organisation must both be within reach.
    """
    with acting(by, os_user=os_user):
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        access.needed(access.may_edit_person(by, fresh))
        if "organisation" in facts:
            access.needed(access.may_add_person(by, facts["organisation"]))
        refuse_gone(fresh)
        before = fresh.email
        apply_facts(fresh, facts)
        if fresh.email != before:
            refuse_taken_address(fresh)
            fresh.credentials_version += 1
            sign_in.forget_addresses(fresh)
        _save(fresh)
    return fresh


def apply_facts(person: Person, facts: PersonFacts) -> None:
    """Set the facts given on the object, each checked; nothing is saved."""
    if "name" in facts:
        person.name = rules.text(facts["name"], "name")
    if "email" in facts:
        person.email = rules.email(facts["email"])
    if "title" in facts:
        person.title = rules.text(facts["title"], "title", required=False)
    if "phone" in facts:
        person.phone = rules.text(facts["phone"], "phone", longest=60, required=False)
    if "organisation" in facts:
        person.organisation = _active(facts["organisation"], person.organisation_id)
    if "language" in facts:
        person.language = rules.one_of(facts["language"], rules.LANGUAGES, "language")
    if "timezone" in facts:
        person.timezone = rules.timezone(facts["timezone"])


def refuse_taken_address(person: Person) -> None:
    """Refuse an address that somebody else has."""
    if person.email is None:
        return
    if Person.objects.filter(email=person.email).exclude(pk=person.pk).exists():
        raise _taken()


def refuse_gone(person: Person) -> None:
    """Refuse to touch a pseudonymised person or an operator account."""
    if person.pseudonymised_at is not None:
        raise Refused("pseudonymised", _("This person's details were erased for good."))
    if person.is_system:
        raise Refused("operator", _("An operator account stays as it is."))


def _active(organisation: Organisation | None, present: int | None) -> Organisation | None:
    if organisation is not None and not organisation.is_active and organisation.pk != present:
        raise Invalid("inactive", _("This organisation is no longer active."), "organisation")
    return organisation


def _save(person: Person) -> None:
    try:
        person.save()
    except IntegrityError as clash:
        if "parties_person_email_unique" in str(clash):
            raise _taken() from clash
        raise


def _taken() -> Invalid:
    return Invalid("email_taken", _("Somebody else has this mail address."), "email")


class _FactsButName(TypedDict, total=False):
    email: str | None
    title: str
    phone: str
    organisation: Organisation | None
    language: str
    timezone: str
