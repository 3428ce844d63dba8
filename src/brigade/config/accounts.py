"""How sign-in by django-allauth behaves here: nobody signs up uninvited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brigade.integrations.mail.accounts import AccountMail

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
