"""Finding one person by their exact address, inside one's own organisation."""

from __future__ import annotations

from brigade.kernel.parties.models import Person
from brigade.kernel.parties.names import tidy_email


def colleague_with_address(person: Person, address: str) -> Person | None:
    """Return the active person of the same organisation who has this address, or None.

    A requester may copy in a colleague whose address they know; they can neither
    browse people nor learn whether an address elsewhere is known here.
    """
    wanted = tidy_email(address)
    if wanted is None or person.organisation_id is None:
        return None
    mates = Person.objects.filter(organisation_id=person.organisation_id, is_active=True)
    return mates.filter(email=wanted, is_system=False).first()
