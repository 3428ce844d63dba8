"""From what was seen to figures: p50 and p95, medians of rounds, ratios and growth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

Round = dict[str, Any]


def percentile(times: Sequence[float], share: float) -> float:
    """Return the smallest of `times` that `share` (0 to 1) of them do not exceed."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def timed(times: Sequence[float], **more: Any) -> Round:
    """Return what one round of a measure says, milliseconds as p50 and p95."""
    if not times:
        return dict(more)
    return {
        "ms": round(percentile(times, 0.5), 3),
        "p95_ms": round(percentile(times, 0.95), 3),
        "count": len(times),
        **more,
    }


def over_rounds(rounds: Sequence[Round]) -> Round:
    """Return the median of each figure over the rounds, and the rounds themselves."""
    names = {name for each in rounds for name in each}
    result: Round = {}
    for name in sorted(names):
        values = [each[name] for each in rounds if each.get(name) is not None]
        numbers = [value for value in values if isinstance(value, int | float)]
        result[name] = round(median(numbers), 3) if numbers else (values or [None])[0]
    return result | {"rounds": list(rounds)}


def ratio(above: Round, below: Round, name: str) -> dict[str, Any] | None:
    """Return the ratio of a figure of two measures, round by round, and its median."""
    each = [
        round(one[name] / other[name], 3)
        for one, other in zip(above["rounds"], below["rounds"], strict=True)
        if one.get(name) and other.get(name)
    ]
    return {"median": round(median(each), 3), "rounds": each} if each else None


def growth(measures: Mapping[int, Mapping[str, Round]]) -> dict[str, float]:
    """Return by how much each measure's p50 grew from the smallest size to the largest."""
    small, large = measures[min(measures)], measures[max(measures)]
    return {
        f"growth_{name}": round(large[name]["ms"] / small[name]["ms"], 2)
        for name in small
        if name in large and small[name].get("ms") and large[name].get("ms")
    }
