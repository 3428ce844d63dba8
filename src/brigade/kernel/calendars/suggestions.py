"""Public holidays that somebody may take into a calendar, by country and region."""

from __future__ import annotations

from datetime import date

import holidays


def countries() -> dict[str, list[str]]:
    """Return the countries whose holidays are known, as two letters, each with its regions."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {code: list(regions) for code, regions in sorted(known.items()) if len(code) == 2}


def suggested_holidays(
    country: str, region: str, years: tuple[int, int], language: str
) -> dict[str, str]:
    """Return the holidays of the years first to last as stored dates with their names.

    Empty for a country or region nobody knows. Names are in `language` ("en",
    "de") where the collection has them, else in a language of the country.
    """
    regions = countries().get(country)
    if regions is None or (region and region not in regions):
        return {}
    found = holidays.country_holidays(
        country, subdiv=region or None, years=range(years[0], years[1] + 1), language=language
    )
    return {day.isoformat(): name for day, name in sorted(found.items()) if isinstance(day, date)}
