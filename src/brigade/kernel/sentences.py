"""The language of what plain functions say: rules, and the pure half of recipes.

Nothing here knows Django; an app hands over its translator when it starts. The
names are those that Babel looks for.
"""

from __future__ import annotations

from collections.abc import Callable


def _plural(one: str, many: str, number: int) -> str:
    return one if number == 1 else many


_translate: Callable[[str], str] = str
_choose: Callable[[str, str, int], str] = _plural
_spoken: Callable[[], str | None] = lambda: None  # noqa: E731


def speak_through(
    translate: Callable[[str], str],
    choose: Callable[[str, str, int], str],
    spoken: Callable[[], str | None],
) -> None:
    """Translate with these functions (gettext, ngettext, get_language) from now on."""
    global _translate, _choose, _spoken
    _translate, _choose, _spoken = translate, choose, spoken


def language() -> str:
    """Return the reader's language, such as `de`; English where nobody reads."""
    return (_spoken() or "en").lower()


def _(message: str) -> str:
    """Return the message in the reader's language."""
    return _translate(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form of a message for a number in the reader's language."""
    return _choose(one, many, number)
