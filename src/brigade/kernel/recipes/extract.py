"""Babel extraction of what a recipe file shows to readers.

A label written per language needs no translator and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from brigade.kernel.recipes.elements import plain_words
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.parse_yaml import nearest_line, plain, text_of

Message = tuple[int, str, str, list[str]]
SHOWN = ("label", "help", "refusal", "title", "purpose")
LISTED = ("policies", "readiness")
NAMED = ("states", "transitions", "fields")


def extract_yaml(
    fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Message]:
    """Yield every shown text of a recipe or of the manifests, as Babel asks of an extractor."""
    try:
        data, lines = plain(text_of(fileobj.read()))
    except RecipeError as fault:
        raise SyntaxError(str(fault)) from fault
    for path, text in _shown(data, ""):
        yield nearest_line(lines, path) or 1, "gettext", text, [path]


def _shown(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from _shown(item, f"{path}[{position}]")
        return
    for key, inner in value.items() if isinstance(value, dict) else ():
        here = f"{path}.{key}".lstrip(".")
        if key in SHOWN and isinstance(inner, str):
            yield here, inner
        elif key == "labels" or (key == "levels" and isinstance(inner, dict)) or key in LISTED:
            yield from _texts(inner, here)
        else:
            if key in NAMED and isinstance(inner, dict):
                yield from _derived(inner, here)
            yield from _shown(inner, here)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a list or map of labels; a map per language is left out."""
    if isinstance(value, dict):
        items = [(f"{path}.{key}", item) for key, item in value.items()]
    else:
        items = [(f"{path}[{position}]", item) for position, item in enumerate(value)]
    for here, item in items:
        if isinstance(item, str):
            yield here, item
        elif isinstance(item, list):
            yield from _texts(item, here)


def _derived(elements: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Yield the names that are read from keys because nobody wrote a label."""
    for key, element in elements.items():
        if isinstance(element, dict) and "label" not in element:
            yield f"{path}.{key}", plain_words(key)
        labels = element.get("labels", {}) if isinstance(element, dict) else {}
        choices = element.get("of", []) if isinstance(element, dict) else []
        if isinstance(choices, dict):
            yield from _derived(choices, f"{path}.{key}.of")
            continue
        for choice in choices:
            if choice not in labels:
                yield f"{path}.{key}", plain_words(str(choice))


def extract_matrices(
    fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Message]:
    """Yield the titles, notes and steps of the matrices to choose from."""
    data, lines = plain(text_of(fileobj.read()))
    for key, matrix in data.items():
        shown = [matrix["title"], matrix["note"], *matrix["impact"], *matrix["urgency"]]
        for text in shown:
            yield nearest_line(lines, key) or 1, "gettext", text, [key]
