"""Values that were frozen or restated. Unscoped: they are of the whole installation."""

from __future__ import annotations

from collections.abc import Iterable

from brigade.kernel.measures.models import MeasureValue


def stored_values(key: str, periods: Iterable[str]) -> dict[str, MeasureValue]:
    """Return the value that stands for each of these periods which is closed."""
    rows = MeasureValue.objects.filter(key=key, period__in=list(periods)).select_related("measure")
    return {row.period: row for row in rows.order_by("number")}


def versions_of_value(key: str, period: str) -> list[MeasureValue]:
    """Return everything that ever stood for a period, newest first, with who closed it."""
    rows = MeasureValue.objects.filter(key=key, period=period)
    return list(rows.select_related("measure", "made_by").order_by("-number"))
