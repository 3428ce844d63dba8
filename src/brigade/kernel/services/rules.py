"""What must be true of a service and an offering, over plain values."""

from __future__ import annotations

import re
from typing import Final

from brigade.kernel.refused import Invalid
from brigade.kernel.sentences import _

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LOWEST, HIGHEST = 1, 5


def slug(value: str, field: str = "code") -> str:
    """Return a code in lower case, words joined by single dashes: it stands in addresses."""
    tidy = value.strip().lower()
    if len(tidy) > 60 or not _SLUG.fullmatch(tidy):
        raise Invalid(
            "code", _("Small letters, digits and single dashes, please: erp-finance."), field
        )
    return tidy


def criticality(value: int, field: str = "criticality") -> int:
    """Return how much hangs on a service: 1 (nobody notices) to 5 (the business stops)."""
    if not LOWEST <= value <= HIGHEST:
        raise Invalid("criticality", _("A whole number from 1 to 5, please."), field)
    return value
