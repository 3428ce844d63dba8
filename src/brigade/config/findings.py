"""What an examination found; needs nothing, so that it can be said of a broken installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["good", "notice", "bad"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found, and what to do about it unless it is good."""

    about: str
    state: State
    found: str
    advice: str = ""
