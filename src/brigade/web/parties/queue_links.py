"""From a figure on a page to the list behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from brigade.web.jinja import maybe_url
from brigade.web.shell.nav import at_desk

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def open_work(person: Person, **about: str | int) -> str | None:
    """Return the queue's address of open work, such as `team=3`; None for who has no queue."""
    queue = maybe_url("queue")
    if not queue or not at_desk(person):
        return None
    return f"{queue}?{urlencode({'view': 'open', 'category': 'open', **about})}"
