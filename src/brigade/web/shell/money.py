"""Money as a reader types and reads it; everywhere else it is minor units and a currency."""

from __future__ import annotations

from decimal import Decimal

from babel import numbers
from django.utils.translation import gettext as _

from brigade.kernel.refused import Invalid
from brigade.web.shell.times import locale

MOST = 10**15
"""Minor units; more than that is a slip of the pen."""


def money(amount: int | None, currency: str) -> str:
    """Return minor units as the reader's language writes them; whole amounts without cents."""
    if amount is None:
        return ""
    places = numbers.get_currency_precision(currency)
    value = Decimal(amount).scaleb(-places)
    pattern = "¤#,##0" if value == value.to_integral_value() else None
    spaced = "#,##0\xa0¤" if pattern and locale().startswith("de") else pattern
    return numbers.format_currency(
        value, currency, spaced, locale=locale(), currency_digits=pattern is None
    )


def typed(amount: int | None, currency: str) -> str:
    """Return minor units as a form shows them to be changed: without a sign."""
    if amount is None:
        return ""
    value = Decimal(amount).scaleb(-numbers.get_currency_precision(currency or "EUR"))
    return numbers.format_decimal(value, "#,##0.##", locale=locale())


def read_money(text: str, currency: str, field: str) -> int | None:
    """Return what was typed as minor units; None where nothing was. Raises Invalid."""
    if not text.strip():
        return None
    try:
        value = numbers.parse_decimal("".join(text.split()), locale=locale())
        minor = value.scaleb(numbers.get_currency_precision(currency or "EUR"))
    except (numbers.NumberFormatError, ValueError, ArithmeticError) as odd:
        raise _no(field) from odd
    if minor != minor.to_integral_value() or not 0 <= minor <= MOST:
        raise _no(field)
    return int(minor)


def _no(field: str) -> Invalid:
    return Invalid("bad_amount", _("Give an amount such as 120,000 or 99.50."), field)
