"""The map of states as an SVG that the server draws: real text, real links, no script.

The drawing carries classes only; colours and strokes come from the style sheet,
so that it follows the reader's theme.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.drawing import HEIGHT, MARGIN, WIDTH, Arrow, Box, arrow, layout
from brigade.kernel.recipes.elements import SELF, State, Transition, in_language
from brigade.kernel.recipes.words import span_in_words
from brigade.kernel.sentences import _

TEXT_LENGTH = 18


def svg(
    recipe: CompiledRecipe,
    *,
    selected: str | None = None,
    ident: str = "recipe",
    link: str = "#state-{key}",
    marks: Mapping[str, str] | None = None,
) -> str:
    """Return the drawing. Each state links to `link`; `selected` is marked as current.

    `ident` keeps the ids of two drawings on one page apart. `marks` says what an
    organisation added or removed: "states.verify" is "add" or "del".
    """
    marks = marks or {}
    boxes = layout(recipe)
    drawn = list(_arrows(recipe, boxes))
    bends = [curve.at(share / 4) for _move, curve in drawn for share in range(5)]
    right = max([box.x + WIDTH for box in boxes.values()] + [x for x, _y in bends]) + MARGIN
    bottom = max([box.y + HEIGHT for box in boxes.values()] + [y for _x, y in bends]) + MARGIN
    top = min([0.0] + [y - MARGIN for _x, y in bends])
    name = _("States of %(title)s") % {"title": _(recipe.title)}
    return (
        f'<svg class="graph" viewBox="0 {top:.0f} {right:.0f} {bottom - top:.0f}" role="group" '
        f"aria-label={quoteattr(name)}>"
        f'<defs><marker id="{ident}-tip" class="tip" viewBox="0 0 8 8" refX="7" refY="4" '
        f'markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path fill="currentColor" d="M0 .8 7.5 4 0 7.2z"/></marker></defs>'
        f'<g aria-hidden="true">{"".join(_edge(*each, ident, marks) for each in drawn)}'
        f"{''.join(_edge_labels(drawn))}</g>"
        f"{''.join(_nodes(recipe, boxes, selected, link, marks))}</svg>"
    )


def _nodes(
    recipe: CompiledRecipe,
    boxes: dict[str, Box],
    selected: str | None,
    link: str,
    marks: Mapping[str, str],
) -> Iterator[str]:
    for key, state in recipe.states.items():
        mark = marks.get(f"states.{key}", "")
        href = "" if mark == "del" else link.format(key=key)
        yield _node(recipe, state, boxes[key], href, mark, key == selected)


def _arrows(recipe: CompiledRecipe, boxes: dict[str, Box]) -> Iterator[tuple[Transition, Arrow]]:
    pairs = {(state, move.to) for move in recipe.transitions.values() for state in move.from_}
    for move in recipe.transitions.values():
        for state in move.from_ if move.to not in (SELF, *move.from_) else ():
            others = [box for key, box in boxes.items() if key not in (state, move.to)]
            both_ways = (move.to, state) in pairs
            yield move, arrow(boxes[state], boxes[move.to], others, both_ways=both_ways)


def _edge(move: Transition, curve: Arrow, ident: str, marks: Mapping[str, str]) -> str:
    by_itself = " auto" if set(move.by) == {"system"} else ""
    mark = {"add": " adde", "del": " del"}.get(marks.get(f"transitions.{move.key}", ""), "")
    return (
        f'<path class="edge{by_itself}{mark}" d="{curve.path()}" marker-end="url(#{ident}-tip)"/>'
    )


def _edge_labels(drawn: list[tuple[Transition, Arrow]]) -> Iterator[str]:
    """Yield the name of each transition once, on its shortest arrow."""
    shortest: dict[str, tuple[float, Transition, Arrow]] = {}
    for move, curve in drawn:
        length = abs(curve.end[0] - curve.start[0]) + abs(curve.end[1] - curve.start[1])
        if move.key not in shortest or length < shortest[move.key][0]:
            shortest[move.key] = (length, move, curve)
    for _length, move, curve in shortest.values():
        x, y = curve.at(0.5)
        label = escape(_shortened(in_language(move.label)))
        where = f'x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle"'
        yield f'<text class="elab halo" {where}>{label}</text>'


def _node(
    recipe: CompiledRecipe, state: State, box: Box, href: str, mark: str, selected: bool
) -> str:
    x, y = box.middle
    note = _note(recipe, state)
    current = ' aria-current="true"' if selected else ""
    lines = [("", _shortened(in_language(state.label)), y - 2 if note else y + 5)]
    if note:
        lines.append((' class="sub"', note, y + 14))
    texts = "".join(
        f'<text{kind} x="{x:.0f}" y="{line:.0f}" text-anchor="middle">{escape(words)}</text>'
        for kind, words, line in lines
    )
    css = " ".join(filter(None, ("node", state.category, mark, "cur" if selected else "")))
    drawn = (
        f"<title>{escape(in_language(state.label))}</title>"
        f'<rect class="{css}" x="{box.x:.0f}" y="{box.y:.0f}" width="{WIDTH}" '
        f'height="{HEIGHT}" rx="5"/>{texts}'
    )
    return f'<a href="{escape(href)}"{current}>{drawn}</a>' if href else f"<g>{drawn}</g>"


def _note(recipe: CompiledRecipe, state: State) -> str:
    """Return what stands under a state's name: that it is the first, or comes by itself."""
    if state.key == recipe.initial:
        return _("start")
    for timer in recipe.timers.values():
        move = recipe.transitions.get(timer.fire or "")
        if move and timer.after and move.to == state.key:
            return _("after %(span)s") % {"span": span_in_words(timer.after)}
    return ""


def _shortened(label: str) -> str:
    return label if len(label) <= TEXT_LENGTH else label[: TEXT_LENGTH - 1].rstrip() + "…"
