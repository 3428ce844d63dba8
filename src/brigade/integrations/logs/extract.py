"""Babel extraction of what a shipped map says about itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml

SHOWN = ("title", "about")


def extract_map(
    fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the name of a map and what it is for, as Babel asks of an extractor."""
    said = yaml.safe_load(fileobj)
    for key in SHOWN:
        if said.get(key):
            yield 1, "gettext", said[key], []
