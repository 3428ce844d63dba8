"""How far an improvement has come: plain arithmetic."""

from __future__ import annotations


def reached(baseline: int | None, target: int | None, measured: int | None) -> int | None:
    """Return the percentage of the way from baseline to target that was measured.

    It works in either direction, may be negative and more than 100; None while
    one of the three is missing or there was no way to go.
    """
    if baseline is None or target is None or measured is None or baseline == target:
        return None
    return round((measured - baseline) * 100 / (target - baseline))
