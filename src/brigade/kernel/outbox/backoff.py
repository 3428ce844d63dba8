"""When a failed message is tried again. Pure: no rows, no clock."""

from __future__ import annotations

from datetime import timedelta

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
MAX_ATTEMPTS = 16
"""Attempts before a message is given up: with these waits about a day and a half."""


def wait_before_next(attempts: int, spread: float) -> timedelta:
    """Return how long to wait after `attempts` failures (1 or more).

    The wait doubles from half a minute to six hours. `spread` in [0, 1] moves
    it between half and one and a half times that, so that messages which
    failed together do not return together.
    """
    doublings = min(max(attempts, 1) - 1, 16)
    wait: timedelta = min(FIRST_WAIT * int(2**doublings), LONGEST_WAIT)
    return wait * (0.5 + min(max(spread, 0.0), 1.0))
