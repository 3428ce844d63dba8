"""What must be true of a calendar, over plain values."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Final

from brigade.kernel.calendars.hours import CLOSED, Hours, from_content, to_content
from brigade.kernel.calendars.notation import FIRST_YEAR, LAST_YEAR
from brigade.kernel.parties.rules import timezone
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.sentences import _

KINDS: Final = ("service_hours", "support_hours", "board")
"""What people may make; the calendar that never closes is there already."""
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def key(value: str, name: str) -> str:
    """Return the key of a calendar: as given, or else made of its name."""
    given = value.strip().lower()
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    tidy = given or re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "calendar"
    if len(tidy) > 60 or not _SLUG.fullmatch(tidy):
        sentence = _("Small letters, digits and single dashes, please: office-hours.")
        raise Invalid("key", sentence, "key")
    return tidy


def hours(value: Hours) -> Hours:
    """Return hours in the form they are stored in, or refuse them with the field at fault."""
    timezone(value.zone, "zone")
    tidy = from_content(value.zone, to_content(value))
    if tidy.week == CLOSED and not any(one.spans for one in tidy.exceptions.values()):
        sentence = _("Nothing would ever be open. Give the times of at least one day.")
        raise Invalid("never_open", sentence, "weekly_mon")
    return tidy


def valid_from(value: datetime) -> datetime:
    """Return the instant new hours hold from, to the second."""
    if value.tzinfo is None or not FIRST_YEAR <= value.astimezone(UTC).year <= LAST_YEAR:
        sentence = _("Give a day, such as 2026-11-30.")
        raise Invalid("valid_from", sentence, "valid_from")
    return value.astimezone(UTC).replace(microsecond=0)


def changeable(kind: str) -> None:
    """Refuse to change or retire the calendar that never closes: others count on that."""
    if kind == "always":
        sentence = _("This calendar is always open and stays so. Add one of your own.")
        raise Refused("always_stays", sentence)
