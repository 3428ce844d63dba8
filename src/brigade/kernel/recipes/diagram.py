"""The map of states as an SVG that the server draws: real text, real links, no script.

States stand in columns by how far they are, transitions run between them as arrows.
The drawing carries classes only; colours and strokes come from the style sheet,
so that it follows the reader's theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.elements import SELF, State, Transition, in_language
from brigade.kernel.recipes.sentences import _

WIDTH, HEIGHT = 148, 44
COLUMN, ROW = 250, 104
MARGIN = 30
TEXT_LENGTH = 20
_COLUMN_OF = {"new": 0, "active": 1, "waiting": 1, "resolved": 2, "closed": 3, "cancelled": 3}


@dataclass(frozen=True, slots=True)
class Box:
    """Where a state stands: its upper left corner, in units of the drawing."""

    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        """The middle of the box."""
        return self.x + WIDTH // 2, self.y + HEIGHT // 2


def layout(recipe: CompiledRecipe) -> dict[str, Box]:
    """Return where each state stands: a column for each stage, in the recipe's order."""
    used: dict[int, int] = {}
    columns = sorted({_COLUMN_OF[state.category] for state in recipe.states.values()})
    boxes: dict[str, Box] = {}
    for key, state in recipe.states.items():
        column = columns.index(_COLUMN_OF[state.category])
        row = used.get(column, 0)
        used[column] = row + 1
        boxes[key] = Box(MARGIN + column * COLUMN, MARGIN + row * ROW)
    return boxes


def svg(recipe: CompiledRecipe, *, selected: str | None = None, ident: str = "map") -> str:
    """Return the drawing. Each state links to `#state-KEY`; `selected` is marked as current."""
    boxes = layout(recipe)
    width = max((box.x for box in boxes.values()), default=0) + WIDTH + MARGIN
    height = max((box.y for box in boxes.values()), default=0) + HEIGHT + MARGIN
    name = _("States of %(title)s") % {"title": _(recipe.title)}
    arrows = "".join(_arrows(recipe, boxes, ident))
    states = "".join(
        _state(state, boxes[key], key == selected) for key, state in recipe.states.items()
    )
    return (
        f'<svg class="recipe-map" viewBox="0 0 {width} {height}" role="group" '
        f"aria-label={quoteattr(name)}>"
        f'<defs><marker id="{ident}-tip" class="recipe-map-tip" viewBox="0 0 8 8" refX="7" '
        f'refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0L8 4L0 8z"/></marker></defs>'
        f'<g class="recipe-map-arrows" aria-hidden="true">{arrows}</g>{states}</svg>'
    )


def _state(state: State, box: Box, selected: bool) -> str:
    label = in_language(state.label)
    classes = f"recipe-map-state is-{state.category}" + (" is-terminal" if state.terminal else "")
    current = ' aria-current="true"' if selected else ""
    x, y = box.middle
    return (
        f'<a class="{classes}" href="#state-{state.key}"{current}>'
        f"<title>{escape(label)}</title>"
        f'<rect x="{box.x}" y="{box.y}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
        f'<text x="{x}" y="{y}" text-anchor="middle" dominant-baseline="central">'
        f"{escape(_shortened(label))}</text></a>"
    )


def _shortened(label: str) -> str:
    return label if len(label) <= TEXT_LENGTH else label[: TEXT_LENGTH - 1].rstrip() + "…"


def _arrows(recipe: CompiledRecipe, boxes: dict[str, Box], ident: str) -> list[str]:
    return [
        _arrow(move, boxes[state], boxes[move.to], ident)
        for move in recipe.transitions.values()
        for state in move.from_
        if move.to != SELF and state in boxes and move.to != state
    ]


def _arrow(move: Transition, here: Box, there: Box, ident: str) -> str:
    by_itself = " is-automatic" if set(move.by) == {"system"} else ""
    return (
        f'<path class="recipe-map-arrow{by_itself}" d="{_curve(here, there)}" '
        f'marker-end="url(#{ident}-tip)"><title>{escape(in_language(move.label))}</title></path>'
    )


def _curve(here: Box, there: Box) -> str:
    """Return a curve from edge to edge; ways back run below the ways on."""
    if there.x > here.x:
        x, y, to_x, to_y = here.x + WIDTH, here.y + 16, there.x, there.y + 16
        bend = (to_x - x) // 2
        return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
    if there.x < here.x:
        x, y, to_x, to_y = here.x, here.y + 32, there.x + WIDTH, there.y + 32
        bend = (x - to_x) // 2
        return f"M{x} {y}C{x - bend} {y} {to_x + bend} {to_y} {to_x} {to_y}"
    down = there.y > here.y
    x = here.x + WIDTH // 2 + (-24 if down else 24)
    y, to_y = (here.y + HEIGHT, there.y) if down else (here.y, there.y + HEIGHT)
    if abs(there.y - here.y) <= ROW:
        return f"M{x} {y}L{x} {to_y}"
    aside = here.x - 22 if down else here.x + WIDTH + 22
    edge = here.x if down else here.x + WIDTH
    y, to_y = here.y + HEIGHT // 2, there.y + HEIGHT // 2
    return f"M{edge} {y}C{aside} {y} {aside} {to_y} {edge} {to_y}"
