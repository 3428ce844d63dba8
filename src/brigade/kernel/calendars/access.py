"""Who may see and change calendars, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.parties.access import is_staff, may_administer
from brigade.kernel.parties.held import holds

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def may_read_calendars(by: Person) -> bool:
    """Return whether `by` may see the calendars: whoever works here, or for a provider."""
    return is_staff(by) or may_administer(by) or holds(by, "provider_agent")


def may_change_calendars(by: Person) -> bool:
    """Return whether `by` may add, change and retire calendars.

    Hours decide when something is late, so it takes an administrator; not
    everybody whose clocks they move.
    """
    return may_administer(by)
