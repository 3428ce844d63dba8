"""Markdown as people write it in a textarea, made safe to show.

Raw HTML is text, pictures are not loaded (a picture from outside tells its
owner who read the page), links cannot pass rank or reach back, and the number
of a record becomes a link to it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

NUMBER: Final = re.compile(r"(?<![\w/-])([A-Z]{2,6}-[0-9]{1,10})(?![\w-])")
TAGS: Final = {
    *["p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"],
    *["h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"],
}
ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES: Final = {"http", "https", "mailto", "tel"}


def markdown(source: str | None) -> Markup:
    """Return the text as HTML that is safe whatever `source` holds."""
    html = _reader().render((source or "").replace("\x00", ""))
    return Markup(
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel="nofollow noopener",
        )
    )


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    reader.enable(["table", "strikethrough"]).disable(["image"])
    reader.core.ruler.push("record_numbers", _link_numbers)
    reader.core.ruler.push("lower_headings", _lower_headings)
    return reader


def _lower_headings(state: StateCore) -> None:
    """Keep the page's own headings the highest."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"


def _link_numbers(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = _linked(block.children)


def _linked(tokens: list[Token]) -> list[Token]:
    made: list[Token] = []
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside:
            made.extend(_split(token))
        else:
            made.append(token)
    return made


def _split(token: Token) -> list[Token]:
    parts = NUMBER.split(token.content)
    made = []
    for place, part in enumerate(parts):
        text = Token("text", "", 0, content=part)
        if place % 2:
            link = Token("link_open", "a", 1, attrs={"href": f"/{part}"})
            made += [link, text, Token("link_close", "a", -1)]
        elif part:
            made.append(text)
    return made
