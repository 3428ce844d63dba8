"""The language of what the pure half of recipes says.

Nothing here knows Django; the app hands over its translator when it starts.
"""

from __future__ import annotations

from collections.abc import Callable

_translate: Callable[[str], str] = str


def speak_through(translate: Callable[[str], str]) -> None:
    """Translate with this function (gettext) from now on."""
    global _translate
    _translate = translate


def _(message: str) -> str:
    """Return the message in the reader's language; the name is what Babel looks for."""
    return _translate(message)
