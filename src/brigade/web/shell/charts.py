"""Where the lines and bars of a chart go: figures in, coordinates out.

Charts are SVG made on the server: no script, sharp in print, in the reader's
theme. Bars start at zero, there is one axis, and at most three parts a bar.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 26
SPARK_WIDTH, SPARK_HEIGHT = 80, 20


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a bar: `series` is 1 to 3."""

    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line and its figure."""

    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a template draws. `labels` are the x places of the names that fit."""

    width: int
    height: int
    ticks: list[Tick]
    labels: list[tuple[float, str]]
    parts: list[Part] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def bars(names: Sequence[str], series: Sequence[Sequence[float]]) -> Chart:
    """Lay out bars, one a name; several series stack. Each series is as long as `names`."""
    totals = [sum(values) for values in zip(*series, strict=True)]
    top = nice_top(max(totals, default=0))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(names))
    thick = min(42.0, step * 0.7)
    parts = []
    for place in range(len(names)):
        base = float(HEIGHT - BOTTOM)
        for which, values in enumerate(series, start=1):
            tall = values[place] / top * (HEIGHT - TOP - BOTTOM)
            base -= tall
            x = LEFT + step * place + (step - thick) / 2
            if tall > 0:
                parts.append(
                    Part(which, round(x, 1), round(base, 1), round(thick, 1), round(tall, 1))
                )
    return Chart(WIDTH, HEIGHT, _ticks(top), _labels(names, step, step / 2), parts=parts)


def lines(names: Sequence[str], series: Sequence[Sequence[float | None]]) -> Chart:
    """Lay out lines over the same names; None leaves a gap."""
    known = [value for values in series for value in values if value is not None]
    top = nice_top(max(known, default=0))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(names) - 1)
    drawn = [
        _path(values, step, LEFT, HEIGHT - BOTTOM, (HEIGHT - TOP - BOTTOM) / top)
        for values in series
    ]
    return Chart(WIDTH, HEIGHT, _ticks(top), _labels(names, step, 0), lines=drawn)


def spark(values: Sequence[float | None], top: float | None = None) -> str:
    """Return the path of a sparkline; give every row of a table the same `top`."""
    known = [value for value in values if value is not None]
    scale = (SPARK_HEIGHT - 4) / (top or max(known, default=0) or 1)
    step = (SPARK_WIDTH - 6) / max(1, len(values) - 1)
    return _path(values, step, 3, SPARK_HEIGHT - 2, scale)


def nice_top(value: float) -> float:
    """Return the end of an axis that holds `value`: 1, 2, 2.5 or 5 times a power of ten."""
    if value < 1e-9:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value)


def _ticks(top: float) -> list[Tick]:
    # In five: then what is counted in whole numbers gets whole ticks from 5 on.
    share = (HEIGHT - TOP - BOTTOM) / 5
    return [Tick(round(HEIGHT - BOTTOM - share * n, 1), top * n / 5) for n in range(6)]


def _labels(names: Sequence[str], step: float, shift: float) -> list[tuple[float, str]]:
    every = max(1, math.ceil(len(names) / 13))
    return [
        (round(LEFT + step * n + shift, 1), name) for n, name in enumerate(names) if n % every == 0
    ]


def _path(
    values: Sequence[float | None], step: float, left: float, base: float, scale: float
) -> str:
    drawn, pen = [], "M"
    for n, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        drawn.append(f"{pen}{left + step * n:.1f} {base - value * scale:.1f}")
        pen = "L"
    return " ".join(drawn)
