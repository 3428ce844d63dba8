"""Draw the icon sheet: one row of cells, lucide's icons first, then drawings of our own.

A sheet is one request where a file an icon would be dozens. `icons` of `package.json`
lists the ones taken from lucide; `glyphs/` holds priority, state and step. A style
rule shows a cell by moving the mask; after a change of either, run this file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

CELL = 24
PACE = 32
"""From one cell to the next: a gap, so that no neighbour shows at the edge."""
STROKE = "2.3"


def names(front: Path) -> list[str]:
    """Return the icons in the order of their cells; `front` is this folder."""
    listed: list[str] = json.loads((front / "package.json").read_text(encoding="utf-8"))["icons"]
    return [*listed, *sorted(drawn.stem for drawn in (front / "glyphs").glob("*.svg"))]


def sheet(front: Path, lucide: Path) -> str:
    """Return the sheet as SVG text; `lucide` is the folder of lucide's icons."""
    cells = []
    listed = names(front)
    for place, name in enumerate(listed):
        own = front / "glyphs" / f"{name}.svg"
        source = (own if own.is_file() else lucide / f"{name}.svg").read_text()
        cells.append(_cell(source, place * PACE))
    width = PACE * len(listed)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{CELL}" '
        f'viewBox="0 0 {width} {CELL}">{"".join(cells)}</svg>\n'
    )


def styles(front: Path) -> str:
    """Return the style rules that name the cells."""
    rules = "\n".join(f"  .ic-{name} {{ --i: {n}; }}" for n, name in enumerate(names(front)))
    origin = "/* Written by frontend/sprite.py from package.json and glyphs/. */"
    return f"{origin}\n@layer components {{\n{rules}\n}}\n"


def _cell(source: str, x: int) -> str:
    found = re.search(r"<svg([^>]*)>(.*)</svg>", source, re.S)
    if found is None:
        raise ValueError("not an SVG drawing")
    attributes, body = found.groups()
    box = re.search(r'viewBox="([^"]+)"', attributes)
    body = re.sub(r"\s+", " ", re.sub(r">\s+<", "><", body.strip()))
    pen = "" if "#000" in body else f'stroke="#000" stroke-width="{STROKE}" '
    return (
        f'<svg x="{x}" width="{CELL}" height="{CELL}" viewBox="{box[1] if box else "0 0 24 24"}" '
        f'fill="none" {pen}stroke-linecap="round" stroke-linejoin="round">{body}</svg>'
    )


if __name__ == "__main__":
    here = Path(__file__).parent
    target = here.parent / "src/brigade/web/static/brigade/css/icon-names.css"
    target.write_text(styles(here))
