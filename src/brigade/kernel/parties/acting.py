"""Who changes the configuration: named to the database for one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, transaction

from brigade.kernel import instants
from brigade.kernel.parties import writes

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


@contextmanager
def acting(by: Person, *, os_user: str = "", origin: str = "") -> Iterator[None]:
    """Run a block as one transaction in the name of `by`.

    A trigger writes every change of a configuration row to the journal and
    takes the actor from here; without one it raises, so that no path can
    change a grant or a service in nobody's name. `os_user` is the operating
    system's user when the change comes from a command line, `origin` the way it
    came (page, api, cli, import; by default what the operator account stands for,
    cli with an `os_user`, else page).
    Inside an outer transaction the name that was there before is back at the end.
    """
    whence = origin or _way_of(by, os_user)
    inside = connection.in_atomic_block
    with transaction.atomic():
        before = writes.present_actor() if inside else ()
        writes.name_the_actor(by.pk, os_user, whence, instants.now())
        yield
        if before and not connection.needs_rollback:
            writes.put_actor(before)


def _way_of(by: Person, os_user: str) -> str:
    """Return the way in that goes with who acts, where nobody said one."""
    if os_user:
        return "cli"
    ways = {"Console": "cli", "Import": "import", "Brigade": "system"}
    return ways.get(by.name, "system") if by.is_system else "page"
