"""Geometry of the map of states: where the boxes stand and how arrows get round them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from brigade.kernel.recipes.compiled import CompiledRecipe

WIDTH, HEIGHT = 132, 44
COLUMN, ROW = 236, 92
MARGIN = 14
Point = tuple[float, float]

_COLUMNS = {"new": 0, "active": 1, "waiting": 2, "cancelled": 2, "resolved": 3, "closed": 4}
_BOWS = (0, 26, -26, 56, -56, 92, -92, 132, -132, 180, -180)


@dataclass(frozen=True, slots=True)
class Box:
    """Where a state stands: its upper left corner, in units of the drawing."""

    x: float
    y: float

    @property
    def middle(self) -> Point:
        """The middle of the box."""
        return self.x + WIDTH / 2, self.y + HEIGHT / 2

    def holds(self, point: Point, spare: float = 5) -> bool:
        """Say whether a point lies in the box or close to it."""
        x, y = point
        return (
            self.x - spare < x < self.x + WIDTH + spare
            and self.y - spare < y < self.y + HEIGHT + spare
        )

    def edge_towards(self, point: Point) -> Point:
        """Return where the line from the middle to a point leaves the box."""
        x, y = self.middle
        dx, dy = point[0] - x, point[1] - y
        share = max(abs(dx) / (WIDTH / 2), abs(dy) / (HEIGHT / 2), 0.001)
        return x + dx / share, y + dy / share


@dataclass(frozen=True, slots=True)
class Arrow:
    """A curve with one bend from one box to another."""

    start: Point
    bend: Point
    end: Point

    def at(self, share: float) -> Point:
        """Return the point after this share of the curve."""
        a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
        x, y = (a * self.start[axis] + b * self.bend[axis] + c * self.end[axis] for axis in (0, 1))
        return x, y

    def path(self) -> str:
        """Return the curve as an SVG path."""
        (x, y), (bx, by), (ex, ey) = self.start, self.bend, self.end
        return f"M{x:.0f} {y:.0f}Q{bx:.0f} {by:.0f} {ex:.0f} {ey:.0f}"


def layout(recipe: CompiledRecipe) -> dict[str, Box]:
    """Return where each state stands.

    Work runs along a line from left to right; what waits stands above it, further
    states of a stage and what was cancelled below.
    """
    waiting = [key for key, state in recipe.states.items() if state.category == "waiting"]
    used = dict.fromkeys(range(5), len(waiting))
    used[_COLUMNS["waiting"]] = 0
    rows: dict[str, int] = {}
    for key, state in recipe.states.items():
        if state.category != "cancelled":
            column = _COLUMNS[state.category]
            rows[key] = used[column]
            used[column] += 1
    below = max(rows.values(), default=0) + 1
    for key in recipe.states:
        if key not in rows:
            rows[key] = below
            below += 1
    taken = sorted({_COLUMNS[state.category] for state in recipe.states.values()})
    top = min(rows.values(), default=0)
    return {
        key: Box(
            MARGIN + taken.index(_COLUMNS[state.category]) * COLUMN,
            MARGIN + (rows[key] - top) * ROW,
        )
        for key, state in recipe.states.items()
    }


def arrow(here: Box, there: Box, others: Iterable[Box], *, both_ways: bool) -> Arrow:
    """Return the flattest curve between two boxes that crosses no other box.

    Where there is a way back too, each bows to its own side.
    """
    obstacles = list(others)
    bows = [bow + 16 for bow in _BOWS] if both_ways else list(_BOWS)
    curves = [_bowed(here, there, bow) for bow in bows]
    for curve in curves:
        if not any(box.holds(curve.at(step / 16)) for box in obstacles for step in range(17)):
            return curve
    return curves[0]


def _bowed(here: Box, there: Box, bow: float) -> Arrow:
    (x, y), (to_x, to_y) = here.middle, there.middle
    dx, dy = to_x - x, to_y - y
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    bend = ((x + to_x) / 2 - dy / length * bow * 2, (y + to_y) / 2 + dx / length * bow * 2)
    return Arrow(here.edge_towards(bend), bend, there.edge_towards(bend))
