"""An overlay as a text that a person reads, a program writes and git keeps.

    base: incident@2.0.0
    overlay:
      - set: facets.core.timers.autoclose.after
        to: 3d
        why: customers answer fast

The same language as a recipe file, with the same limits, and each fault has its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from brigade.kernel.recipes.errors import SHAPE, LintError, RecipeError
from brigade.kernel.recipes.overlay import Operation, read_all
from brigade.kernel.recipes.parse_yaml import nearest_line, plain, text_of
from brigade.kernel.sentences import _

KEYS = ("base", "overlay")


@dataclass(frozen=True, slots=True)
class OverlayText:
    """An overlay that was read: what it was written for, its operations, the line of each path."""

    base: str
    operations: tuple[Operation, ...]
    lines: Mapping[str, int]

    def located(self, findings: Iterable[LintError]) -> list[LintError]:
        """Return findings with the line of this text on which their path, or its operation, stands.

        What is about something the text does not speak of has no line.
        """
        return [replace(each, line=self._line(each.path)) for each in findings]

    def _line(self, path: str) -> int | None:
        holders = [
            (len(each.path), place, each)
            for place, each in enumerate(self.operations)
            if path == each.path or path.startswith((f"{each.path}.", f"{each.path}["))
        ]
        if not holders:
            return None
        _length, place, operation = max(holders, key=lambda holder: holder[0])
        inner = path[len(operation.path) :]
        if inner and f"overlay[{place}].to" in self.lines:
            return nearest_line(self.lines, f"overlay[{place}].to{inner}")
        return self.lines.get(f"overlay[{place}].{operation.kind}")


def written(base: str, overlay: Sequence[Operation]) -> str:
    """Return an overlay as text, one operation under the other."""
    data = {"base": base, "overlay": [tidy(each.as_dict()) for each in overlay]}
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def read_text(text: str | bytes) -> OverlayText:
    """Read an overlay; raises RecipeError with the line of every fault."""
    data, lines = plain(text_of(text))
    unknown = sorted(set(map(str, data)) - set(KEYS))
    base, overlay = data.get("base", ""), data.get("overlay") or []
    if unknown or not isinstance(base, str) or not isinstance(overlay, list):
        message = _("An overlay has two keys: base, a text, and overlay, a list of operations.")
        raise RecipeError([LintError(SHAPE, message, "", lines.get(unknown[0] if unknown else ""))])
    return OverlayText(base, operations_of(overlay, lines), lines)


def operations_of(overlay: list[Any], lines: Mapping[str, int]) -> tuple[Operation, ...]:
    """Return the operations of a list that was read; raises RecipeError with each one's line."""
    found: list[Operation] = []
    errors: list[LintError] = []
    for place, each in enumerate(overlay):
        line = lines.get(f"overlay[{place}]")
        try:
            operation = Operation.read(each if isinstance(each, Mapping) else {})
            read_all([*(one.as_dict() for one in found), operation.as_dict()])
        except RecipeError as fault:
            errors += [replace(error, line=line) for error in fault.errors]
        else:
            found.append(operation)
    if errors:
        raise RecipeError(errors)
    return tuple(found)


def tidy(operation: dict[str, Any]) -> dict[str, Any]:
    """Return an operation as it is written: whom nobody knows is left out."""
    return {key: value for key, value in operation.items() if key != "author" or value}
