"""What is wrong with a recipe, where, and how a reader finds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

SHAPE = "E00"
"""The text is no recipe at all: bad YAML, an unknown key, a value of the wrong shape."""
ERRORS_SHOWN = 50
"""Findings about the shape of one file; what comes after them helps nobody."""


@dataclass(frozen=True, slots=True)
class LintError:
    """One finding: a stable code, a sentence, the dotted path and the line (from 1)."""

    code: str
    message: str
    path: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.code} {self.message}" + (f" [{self.path}]" if self.path else "")

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON values."""
        return asdict(self)


class RecipeError(Exception):
    """A recipe that cannot be read or compiled; `errors` says everything that is wrong."""

    def __init__(self, errors: Iterable[LintError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))
