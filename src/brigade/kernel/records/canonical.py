"""The one written form of what goes into the journal.

`jsonb` accepts what a hash chain cannot carry: floats print differently from
one program to the next, and NUL or a lone surrogate is no text at all. They
are refused here, on the way in, with the field they stand in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from brigade.kernel.refused import Invalid


def check_text(text: str, field: str | None = None, *, most: int | None = None) -> str:
    """Return `text` unchanged, or raise Invalid where no database can store it.

    So it is where it has more than `most` characters.
    """
    if "\x00" in text:
        raise Invalid("nul_character", _("This text contains a NUL character. Remove it."), field)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Invalid(
            "broken_text", _("This text contains half a character. Paste it again."), field
        ) from error
    if most is not None and len(text) > most:
        raise Invalid(
            "too_long",
            _("This is longer than %(limit)d characters. Shorten it.") % {"limit": most},
            field,
        )
    return text


def check_value(value: Any, field: str | None = None) -> Any:
    """Return `value` where it can stand in the journal, else raise Invalid with its field.

    Strings, integers, booleans, None, and lists and maps of them.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return check_text(value, field)
    if isinstance(value, list | tuple):
        return [check_value(item, field) for item in value]
    if isinstance(value, Mapping):
        return {
            check_text(str(key), field): check_value(item, field) for key, item in value.items()
        }
    raise Invalid(
        "not_storable", _("A value of this kind cannot be kept. Give text or whole numbers."), field
    )


def canonical_json(value: Any) -> str:
    """Return JSON text of a checked value; PostgreSQL prints the canonical form from it."""
    return json.dumps(check_value(value), ensure_ascii=False, separators=(",", ":"))
