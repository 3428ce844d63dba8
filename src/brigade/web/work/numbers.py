"""The number of a record as a part of an address: `/INC-20418`, of whatever kind."""

from __future__ import annotations

from django.urls import register_converter


class NumberConverter:
    """Letters, a dash and digits; small letters lead to the same record."""

    regex = "[A-Za-z]{2,6}-[0-9]{1,12}"

    def to_python(self, value: str) -> str:
        """Return the number as it is kept."""
        return value.upper()

    def to_url(self, value: str) -> str:
        """Return the number as it stands in an address."""
        return value


register_converter(NumberConverter, "number")

NUMBER = "<number:number>"
"""The part of an address that names a record; whoever uses it has the converter too."""
