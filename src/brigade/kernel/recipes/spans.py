"""Durations as a recipe writes them outside expressions: `30m`, `4h`, `5d`, `80%`, `-30m`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

PATTERN = r"^[1-9][0-9]{0,4}(m|h|d)$"
SHARE_PATTERN = r"^(100|[1-9]?[0-9])%$"
OFFSET_PATTERN = r"^[+-][1-9][0-9]{0,4}(m|h|d)$"

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


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on the way of a clock: a share of its time, or an offset from its due instant.

    One of `share` (per cent) and `offset` is given; `sign` says whether the
    offset lies before (-1) or after (1) the due instant.
    """

    share: int | None = None
    offset: Span | None = None
    sign: int = 1

    @classmethod
    def read(cls, text: str) -> Mark:
        """Read `80%`, `-30m` or `+2d`; raises ValueError for anything else."""
        if re.fullmatch(SHARE_PATTERN, text):
            return cls(share=int(text[:-1]))
        if re.fullmatch(OFFSET_PATTERN, text):
            return cls(offset=Span.read(text[1:]), sign=-1 if text[0] == "-" else 1)
        raise ValueError(f"{text!r} is neither a share such as 80% nor an offset such as -30m")

    def __str__(self) -> str:
        if self.offset is None:
            return f"{self.share}%"
        return f"{'-' if self.sign < 0 else '+'}{self.offset}"
