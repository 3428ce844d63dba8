"""Reading a recipe file: YAML with line numbers, then the models.

Whatever the input, the outcome is a `Document` or a `RecipeError` that names line
and path; never another exception, never more than a bounded time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from brigade.kernel.recipes.errors import ERRORS_SHOWN, SHAPE, LintError, RecipeError
from brigade.kernel.recipes.language import Recipe
from brigade.kernel.recipes.parse_yaml import nearest_line, plain, text_of


@dataclass(frozen=True, slots=True)
class Document:
    """A recipe file that has been read: its models, its plain data, the line of each path.

    `own` are the fields that an overlay added: the organisation's, not the library's.
    """

    recipe: Recipe
    data: Mapping[str, Any]
    lines: Mapping[str, int]
    source: str
    checksum: str
    own: frozenset[str] = frozenset()

    def line(self, path: str) -> int | None:
        """Return the line of the path, or of the nearest thing that contains it."""
        return nearest_line(self.lines, path)


def read(source: str | bytes) -> Document:
    """Read a recipe file; raises RecipeError with every fault's line and path."""
    text = text_of(source)
    data, lines = plain(text)
    try:
        recipe = Recipe.model_validate(data)
    except ValidationError as invalid:
        raise RecipeError(shape_errors(invalid, lines)) from None
    checksum = hashlib.sha256(text.encode()).hexdigest()
    return Document(recipe, data, lines, text, checksum)


def shape_errors(invalid: ValidationError, lines: Mapping[str, int]) -> list[LintError]:
    """Return pydantic's findings as lint errors; `lines` maps paths of the file to lines."""
    found: dict[tuple[str, str], LintError] = {}
    for error in invalid.errors(include_url=False, include_context=False, include_input=False):
        path = _known_path(error["loc"], lines, keep=error["type"] == "missing")
        message = error["msg"].removeprefix("Value error, ")
        line = nearest_line(lines, path)
        found.setdefault((path, message), LintError(SHAPE, message, path, line))
    return list(found.values())[:ERRORS_SHOWN]


def _known_path(location: tuple[int | str, ...], lines: Mapping[str, int], *, keep: bool) -> str:
    """Return the location as a path of the file, without the names of union members."""
    path = ""
    for number, part in enumerate(location):
        inner = f"{path}[{part}]" if isinstance(part, int) else f"{path}.{part}".lstrip(".")
        dotted = f"{path}.{part}".lstrip(".")
        last = keep and number == len(location) - 1
        if inner in lines or last:
            path = inner
        elif dotted in lines:
            path = dotted
    return path
