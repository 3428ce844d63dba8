"""The clocks of a record as its page shows them: chips under the title, bars beside the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from brigade.kernel.clocks.faces import VOID, Face, faces_of
from brigade.web.work.clock_words import Chip, chip, clock_name, standing, tone, used

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.records.naming import Names


@dataclass(frozen=True, slots=True)
class Line:
    """A clock in the panel: its bar shows the share that is used."""

    name: str
    used: str
    standing: str
    tone: str
    share: int


@dataclass(frozen=True, slots=True)
class Panel:
    """The clocks beside a journal: `past` are those of earlier hand-overs, folded."""

    chips: list[Chip]
    lines: list[Line]
    past: list[Line]


def panel(record_id: int, recipe: CompiledRecipe, names: Names, at: datetime) -> Panel:
    """Return the clocks of a record as its page shows them; `names` knows the teams."""
    faces = faces_of([record_id], at).get(record_id, [])
    past = [face for face in faces if _is_past(face)]
    shown = [face for face in faces if not _is_past(face)]
    main = [face for face in shown if face.subject is None]
    return Panel(
        [chip(face, recipe, at) for face in main],
        [_line(face, recipe, names) for face in shown],
        [_line(face, recipe, names) for face in past],
    )


def _is_past(face: Face) -> bool:
    return not face.is_live and (face.subject is not None or face.state == VOID)


def _line(face: Face, recipe: CompiledRecipe, names: Names) -> Line:
    known = recipe.clocks.get(face.name)
    team = names.of("team", face.subject) if known and known.per == "team" else ""
    return Line(
        clock_name(recipe, face.name, team or ""),
        used(face),
        standing(face, recipe),
        tone(face),
        min(face.share, 100),
    )
