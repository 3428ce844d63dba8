"""Babel extraction of what a file of measures shows to readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.parse_yaml import nearest_line, plain, text_of

SHOWN = ("title", "definition", "numerator", "denominator")


def extract_measures(
    fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield every shown text of the measures, as Babel asks of an extractor."""
    try:
        data, lines = plain(text_of(fileobj.read()))
    except RecipeError as fault:
        raise SyntaxError(str(fault)) from fault
    for key, measure in data.get("measures", {}).items():
        for name in SHOWN:
            if isinstance(measure.get(name), str):
                path = f"measures.{key}.{name}"
                yield nearest_line(lines, path) or 1, "gettext", measure[name], [path]
