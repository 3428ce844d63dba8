"""A letter: what a mail says, before it is text or HTML, so that both say the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain words in the reader's language. `quote` is what a person wrote, verbatim.

    `facts` are pairs of label and value; `because` says why the reader gets this.
    """

    subject: str
    heading: str
    lines: tuple[str, ...] = ()
    quote: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    link: str = ""
    link_label: str = ""
    because: str = ""


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=lambda name: bool(name and name.endswith(".html.jinja")),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True
    )
    environment.filters["paragraphs"] = paragraphs
    return environment


def paragraphs(text: str) -> list[list[str]]:
    """Cut a text into paragraphs, each a list of its lines."""
    blocks = text.replace("\r\n", "\n").strip().split("\n\n")
    return [block.split("\n") for block in blocks if block.strip()]


_ENVIRONMENT = _environment()


def render(letter: Letter) -> tuple[str, str]:
    """Return the letter as plain text and as HTML, in the language that is active."""
    words = {"letter": letter, "language": get_language() or "en"}
    text = _ENVIRONMENT.get_template("letter.txt.jinja").render(words)
    html = _ENVIRONMENT.get_template("letter.html.jinja").render(words)
    return text, html
