"""The recipes that are installed: each practice registers its file when the app starts.

The kernel knows no practice; it only knows where their recipes lie.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from brigade.kernel.recipes.parse import Document, read

_paths: list[Path] = []


def register(path: Path) -> None:
    """Make a recipe file part of the library; doing it twice changes nothing."""
    if path not in _paths:
        _paths.append(path)
        installed.cache_clear()


@cache
def installed() -> dict[str, Document]:
    """Return the recipes installed, by key; raises RecipeError where a file is broken."""
    documents = [read(path.read_bytes()) for path in _paths]
    return {document.recipe.recipe: document for document in documents}


def newer(key: str, version: str, source: str) -> Document | None:
    """Return the library's recipe where it is newer than the text of a version, else None.

    Newer is a higher number, or another text of the same one; 3.0.0+2 counts as 3.0.0.
    """
    document = installed().get(key)
    if document is None or document.source == source:
        return None
    return document if numbers(document.recipe.version) >= numbers(version) else None


def numbers(version: str) -> tuple[int, ...]:
    """Return the version of a recipe as numbers, which compare; what we made of it counts not."""
    return tuple(int(each) for each in version.partition("+")[0].split("."))


def paths() -> list[Path]:
    """Return the files of the library, in the order in which they were registered."""
    return list(_paths)


def highest_levels() -> dict[str, int]:
    """Return the highest level there is a recipe for, by the key of the practice."""
    return {
        key: max(facet.level for facet in document.recipe.facets.values())
        for key, document in installed().items()
    }
