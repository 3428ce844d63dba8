"""The measures that are installed: each practice registers its file when the app starts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from brigade.kernel.measures.reading import Definition, read

_paths: list[Path] = []


def register(path: Path) -> None:
    """Make a file of measures part of the library; doing it twice changes nothing."""
    if path not in _paths:
        _paths.append(path)
        installed.cache_clear()


@cache
def installed() -> dict[str, Definition]:
    """Return the measures installed, by key; raises MeasuresError where a file is broken."""
    found: dict[str, Definition] = {}
    for path in _paths:
        for key, one in read(path.read_bytes()).items():
            if key in found:
                raise ValueError(f"{key} is defined twice, again in {path}")
            found[key] = one
    return found
