"""Babel extraction from the templates of sign-in, which are Django's and not Jinja2's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

TAG = re.compile(r"""\{%\s*(?:trans|translate)\s+(?P<quote>["'])(?P<text>.+?)(?P=quote)""")


def extract_tags(
    fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the text of every `{% trans "..." %}`, as Babel asks of an extractor.

    A block of text (`blocktrans`) is an error: these few pages do without, and it would be lost.
    """
    for number, line in enumerate(fileobj.read().decode().splitlines(), 1):
        if "blocktrans" in line or "blocktranslate" in line:
            raise SyntaxError(f"line {number}: write {{% trans %}}, which is collected")
        for found in TAG.finditer(line):
            yield number, "gettext", found["text"], []
