"""How a name is folded for order and for search. Pure."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """Return `name` in lower case, without accents or double spaces.

    "Zoë  Ångström" becomes "zoe angstrom". Lists are ordered and prefixes are
    searched by this, so that a person is found by somebody whose keyboard lacks the letter.
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.split())


def tidy_email(email: str | None) -> str | None:
    """Return an address in the one form it is stored in: trimmed, lower case, None when empty."""
    return (email or "").strip().lower() or None
