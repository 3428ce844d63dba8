"""Whether the installation is still being set up: some things may be done only until then."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brigade.kernel.parties import access
from brigade.kernel.parties.models import Installation, Person
from brigade.kernel.refused import Refused


def setting_up(person: Person) -> bool:
    """Return whether the first-run setup is still this person's to finish."""
    if not access.may_administer(person) or person.is_system:
        return False
    return not Installation.objects.filter(pk=1, setup_done_at__isnull=False).exists()


def needed_while_setting_up(by: Person) -> Installation:
    """Return the installation's row, locked, or refuse: nobody else, and not after the end.

    Two administrators who finish at the same time take turns; the second is refused.
    """
    access.needed(access.may_administer(by))
    Installation.objects.get_or_create(pk=1)
    row = Installation.objects.select_for_update().get(pk=1)
    if row.setup_done_at is not None:
        raise Refused(
            "setup_done", _("The setup is finished. Everything can be changed in the settings.")
        )
    return row
