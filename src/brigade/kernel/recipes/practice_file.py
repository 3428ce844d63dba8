"""A practice as one file: the library's version, how far it is adopted, and what is tailored.

    base: incident@3.0.0
    level: 2
    facets_on: []
    facets_off: []
    overlay:
      - set: facets.core.timers.autoclose.after
        to: 3d
        why: customers answer fast
        author: Pia Kern

Written in one order, so that git shows what changed and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from brigade.kernel.recipes.errors import SHAPE, LintError, RecipeError
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.overlay_text import OverlayText, operations_of, tidy
from brigade.kernel.recipes.parse_yaml import plain, text_of
from brigade.kernel.sentences import _

_BASE = re.compile(r"([a-z][a-z0-9_-]{0,39})@(\d{1,4}\.\d{1,4}\.\d{1,4})")
_FACET = re.compile(r"[a-z][a-z0-9_]{0,39}")
KEYS = ("base", "level", "facets_on", "facets_off", "overlay")


@dataclass(frozen=True, slots=True)
class PracticeFile:
    """What such a file holds. `text` knows the line of each operation."""

    key: str
    version: str
    level: int
    facets_on: tuple[str, ...]
    facets_off: tuple[str, ...]
    text: OverlayText

    @property
    def overlay(self) -> tuple[Operation, ...]:
        """Return what is tailored."""
        return self.text.operations


def exported(
    base: str, level: int, on: Sequence[str], off: Sequence[str], overlay: Sequence[Operation]
) -> str:
    """Return a practice as the text of its file."""
    data = {
        "base": base,
        "level": level,
        "facets_on": sorted(on),
        "facets_off": sorted(off),
        "overlay": [tidy(each.as_dict()) for each in overlay],
    }
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def imported(text: str | bytes) -> PracticeFile:
    """Read such a file; raises RecipeError with the line of every fault."""
    data, lines = plain(text_of(text))
    wrong = [
        LintError(SHAPE, message, path, lines.get(path)) for path, message in _faults(data)
    ]  # fmt: skip
    if wrong:
        raise RecipeError(wrong)
    operations = operations_of(data.get("overlay") or [], lines)
    base = data["base"]
    key, _sign, version = base.partition("@")
    on, off = (tuple(data.get(name) or ()) for name in ("facets_on", "facets_off"))
    return PracticeFile(
        key, version, data["level"], on, off, OverlayText(base, operations, lines)
    )  # fmt: skip


def _faults(data: dict[Any, Any]) -> list[tuple[str, str]]:
    """Return path and reason of what is no such file."""
    found = [
        (str(key), _("Only base, level, facets_on, facets_off and overlay stand here."))
        for key in data
        if key not in KEYS
    ]
    base, level = data.get("base"), data.get("level")
    if not isinstance(base, str) or not _BASE.fullmatch(base):
        found.append(("base", _("The base is a recipe and its version: incident@2.0.0.")))
    if isinstance(level, bool) or level not in (1, 2, 3):
        found.append(("level", _("The level is 1, 2 or 3.")))
    for name in ("facets_on", "facets_off"):
        value = data.get(name) or []
        names = value if isinstance(value, list) else [None]
        if not all(isinstance(each, str) and _FACET.fullmatch(each) for each in names):
            found.append((name, _("This is a list of facets, by their keys.")))
    if not isinstance(data.get("overlay") or [], list):
        found.append(("overlay", _("The overlay is a list of operations.")))
    return found
