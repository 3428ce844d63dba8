"""How sign-in by django-allauth behaves here: nobody signs up uninvited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.utils.translation import gettext as _

from brigade.integrations.mail.accounts import AccountMail
from brigade.kernel.refused import Hidden

if TYPE_CHECKING:
    from django.http import HttpRequest


class ClosedSignup(AccountMail):
    """People are added or invited by an administrator; the sign-up page stays shut."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no to every uninvited sign-up."""
        return False


def display_name(person: Any) -> str:
    """Return the name that allauth's pages and mails call `person` by."""
    return str(person.name or person.email)


def addresses_are_given(request: HttpRequest) -> NoReturn:
    """Stand where allauth lets people add and choose addresses: here an administrator does.

    The address is the way into an account; a person who could take any would
    meet the mail, and the reset, of somebody else.
    """
    raise Hidden("addresses", _("Ask an administrator to change your mail address."))
