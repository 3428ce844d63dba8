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


def speak_through(translate: Callable[[str], str], choose: Callable[[str, str, int], str]) -> None:
    """Translate with these functions (gettext and ngettext) from now on."""
    global _translate, _choose
    _translate, _choose = translate, choose


def _(message: str) -> str:
    """Return the message in the reader's language."""
    return _translate(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form of a message for a number in the reader's language."""
    return _choose(one, many, number)
