"""Open time as people write it: `4h`, `30m`, `1h 30m`. Pure."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from brigade.kernel.refused import Invalid

_WRITTEN = re.compile(r"\s*(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*m(?:in)?)?\s*", re.I)


def read_open_time(text: str, field: str) -> int:
    """Return the seconds of open time that a text says; raises Invalid for anything else.

    Days are refused: how long one is depends on the calendar.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None or not any(found.groups()):
        raise Invalid("bad_time", _("Give hours and minutes, such as 4h, 30m or 1h 30m."), field)
    hours, minutes = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60


def write_open_time(seconds: int | None) -> str:
    """Return seconds as `read_open_time` reads them; nothing for a stopwatch."""
    if seconds is None:
        return ""
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return " ".join(f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m")) if n) or "0m"
