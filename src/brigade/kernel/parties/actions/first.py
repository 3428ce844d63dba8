"""How the first people come in, when there is nobody yet to let them in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import administrators, rules, writes
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions.accounts import set_password
from brigade.kernel.parties.actions.people import add_person
from brigade.kernel.parties.models import Person, RoleGrant
from brigade.kernel.parties.operators import operator
from brigade.kernel.refused import Refused


def create_first_admin(
    *,
    email: str,
    name: str,
    password: str | None = None,
    language: str = "en",
    timezone: str = "UTC",
    os_user: str = "",
) -> Person:
    """Make the first administrator of an installation that has none, from the command line.

    The grant is self-approved with its reason and stands on the list of those.
    Without `password` the person sets one through a reset. Refused as soon as
    there is an administrator: from then on administrators make administrators.
    """
    address = rules.email(email, required=True)
    console = operator("Console")
    with acting(console, os_user=os_user):
        writes.one_rights_change_at_a_time()
        if administrators.administrators():
            raise Refused(
                "administrator_exists",
                _("There is an administrator already, who can make others."),
            )
        person = Person.objects.filter(email=address, is_active=True).first() or add_person(
            name=name, email=address, language=language, timezone=timezone, by=console
        )
        if password is not None:
            set_password(person, password, by=console, os_user=os_user)
        RoleGrant.objects.create(
            person=person,
            role="admin",
            granted_by=console,
            state=RoleGrant.State.GRANTED,
            self_approved=True,
            reason=_("The first administrator, made on the command line."),
            valid_from=instants.now(),
        )
    return Person.objects.get(pk=person.pk)
