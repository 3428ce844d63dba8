"""Where a reader of a mail finds a page, and when something is, in their words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime
from django.conf import settings
from django.utils.translation import get_language

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def page_url(path: str) -> str:
    """Return the address of a page as a reader elsewhere can open it."""
    return f"{settings.BRIGADE.address.rstrip('/')}/{path.lstrip('/')}"


def instant_for(person: Person | None, instant: datetime) -> str:
    """Return an instant in words, in the reader's zone and language."""
    try:
        zone = ZoneInfo(person.timezone if person else "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    locale = (get_language() or "en").replace("-", "_")
    return str(format_datetime(instant, "long", tzinfo=zone, locale=locale))
