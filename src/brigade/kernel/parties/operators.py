"""The named accounts of the product itself, which never sign in."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from brigade.kernel.parties import writes
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person

OPERATORS: Final = ("Brigade", "Import", "Console")
"""What runs by itself, the importer, the command line."""


def operator(name: str = "Console") -> Person:
    """Return the operator account of this name, made when it is first needed.

    It is its own first actor, so that the journal of people begins with a name too.
    """
    if name not in OPERATORS:
        raise ValueError(f"no operator account is called {name}")
    return _existing(name) or _made(name)


def _existing(name: str) -> Person | None:
    return Person.objects.filter(is_system=True, name=name).first()


def _made(name: str) -> Person:
    with transaction.atomic():
        writes.one_rights_change_at_a_time()
        found = _existing(name)
        if found is not None:
            return found
        account = Person(pk=writes.next_person_id(), name=name, is_system=True)
        account.set_unusable_password()
        with acting(account):
            account.save(force_insert=True)
    return account
