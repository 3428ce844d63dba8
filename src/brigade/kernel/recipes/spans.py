"""Durations as a recipe writes them outside expressions: `30m`, `4h`, `5d`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

PATTERN = r"^[1-9][0-9]{0,4}(m|h|d)$"

Unit = Literal["m", "h", "d"]
_UNITS: dict[str, Unit] = {"m": "m", "h": "h", "d": "d"}
_HOURS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(hours=24)}


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of minutes, hours or days. A day is a day of the calendar that applies."""

    amount: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> Span:
        """Read `5d`; raises ValueError for anything else."""
        if not re.fullmatch(PATTERN, text):
            raise ValueError(f"{text!r} is not a duration such as 30m, 4h or 5d")
        return cls(int(text[:-1]), _UNITS[text[-1]])

    def elapsed(self) -> timedelta:
        """Return the span where no calendar applies: a day is 24 hours."""
        return self.amount * _HOURS[self.unit]

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"
