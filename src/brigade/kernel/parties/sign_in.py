"""What the sign-in library keeps about a person, so that it never outlives a change here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def forget_addresses(person: Person) -> None:
    """Drop the addresses kept for sign-in and reset; the present one is kept again when used.

    Otherwise a password could still be reset through an address that was taken away.
    """
    EmailAddress.objects.filter(user_id=person.pk).delete()


def forget_everything(person: Person) -> None:
    """Drop addresses and second factors of somebody who will not sign in again."""
    forget_addresses(person)
    Authenticator.objects.filter(user_id=person.pk).delete()
