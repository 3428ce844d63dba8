"""What is wrong with a recipe, where, and how a reader finds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from brigade.kernel.recipes.lint_words import remedy
from brigade.kernel.sentences import _

SHAPE = "E00"
"""The text is no recipe at all: bad YAML, an unknown key, a value of the wrong shape."""
ERRORS_SHOWN = 50
"""Findings about the shape of one file; what comes after them helps nobody."""
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class LintError:
    """One finding: a stable code, a sentence, the dotted path and the line (from 1).

    A code that begins with E is an error, one that begins with W a warning.
    """

    code: str
    message: str
    path: str = ""
    line: int | None = None

    @property
    def severity(self) -> Severity:
        """Whether it stands in the way of publishing, or only asks to be looked at."""
        return "warning" if self.code.startswith("W") else "error"

    @property
    def remedy(self) -> str:
        """How to put it right, in the reader's language."""
        return remedy(self.code)

    def __str__(self) -> str:
        where = _("line %(line)s") % {"line": self.line} + ": " if self.line else ""
        return f"{where}{self.code} {self.message}" + (f" [{self.path}]" if self.path else "")

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON values."""
        return {**asdict(self), "severity": self.severity, "remedy": self.remedy}


class RecipeError(Exception):
    """A recipe that cannot be read or compiled; `errors` says everything that is wrong."""

    def __init__(self, errors: Iterable[LintError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))
