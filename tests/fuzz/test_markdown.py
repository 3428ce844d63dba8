"""Whatever anybody writes, by mail, page or import: nothing of it runs, loads or misleads.

The text is put together from pieces that attacks are made of, and the HTML is
read by a parser as a browser would, not by a pattern.
"""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from brigade.web.shell.prose import ATTRIBUTES, SCHEMES, TAGS, markdown

PIECES = (
    "<script>",
    "</script>",
    "<svg onload=x>",
    "<img src=x onerror=x>",
    "<a href='",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<style>",
    "<base href=//x>",
    "<form action=x>",
    "<iframe srcdoc='",
    "<math><mtext>",
    "<template>",
    "<noscript>",
    "<p title='",
    "'>",
    '">',
    "&lt;",
    "&#106;",
    "&colon;",
    "javascript:",
    "JaVaScRiPt:",
    "java\tscript:",
    "java\nscript:",
    "vbscript:",
    "data:text/html,",
    "//evil.example",
    "\\\\evil.example",
    "http://",
    "mailto:",
    "[x](",
    "![x](",
    ")",
    "](",
    "[",
    "]",
    "<",
    ">",
    "`",
    "```",
    "~~~",
    "\n",
    "\n\n",
    "    ",
    "> ",
    "* ",
    "1. ",
    "# ",
    "| a | b |\n|--|--|\n",
    "**",
    "_",
    "~~",
    "\\",
    "\x00",
    "\x0b",
    "\u202e",
    "\u2028",
    "\ufeff",
    "INC-1",
    "onclick=",
    "style=",
    "xlink:href=",
    " ",
    "[x]: javascript:x 'y'\n",
    "<javascript:x>",
    "<data:x>",
    "{{ 1 }}",
    "%3Cscript",
)
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25).map("".join)


class Reader(HTMLParser):
    """Collects the elements of a piece of HTML, and what is wrong with them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()) | {"rel"}:
                self.wrong.append(f"{tag} {name}")
            if name == "href" and not _harmless(value or ""):
                self.wrong.append(f"{tag} {value!r}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append("a comment")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append("a declaration")

    def handle_pi(self, data: str) -> None:
        self.wrong.append("an instruction")


def _harmless(address: str) -> bool:
    """Judge an address as a browser reads it: without controls, and without leading blanks."""
    read = "".join(sign for sign in address if sign > " ")
    try:
        scheme = urlsplit(read).scheme.lower()
    except ValueError:
        return ":" not in read.split("/")[0] or read.lower().startswith(("http:", "https:"))
    return scheme in SCHEMES | {""}


def wrong_in(source: str) -> list[str]:
    """Return what is wrong in the HTML that a text becomes."""
    reader = Reader()
    reader.feed(str(markdown(source)))
    reader.close()
    return reader.wrong


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
@example("[x](javascript&colon;alert(1))")
@example("[x](\x01javascript:alert(1))")
@example("<javascript:alert(1)>")
@example("[x]: data:text/html,x\n[x]")
@example('[x](http://a "onclick=alert(1)")')
@example("`<script>`\n```html\n<script>x</script>\n```")
def test_nothing_of_it_runs(source: str) -> None:
    assert wrong_in(source) == []


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all(source: str) -> None:
    assert wrong_in(source) == []


@pytest.mark.parametrize("piece", ["[", "![", "> ", "* ", "**", "`", "<", "(", "_a", "|", "\n- "])
def test_it_ends_however_deep_it_digs(piece: str) -> None:
    assert wrong_in(piece * 5_000) == []
