"""Public holidays as plain dates, looked up once, when a calendar is set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import holidays

from services.workorders.sla.domain.calendar import Hours, SpecialDay
from shared.errors import Invalid

COUNTRIES = tuple(sorted(holidays.list_supported_countries()))


def special_days(
    country: str, years: Iterable[int], week: Sequence[tuple[Hours, ...]]
) -> tuple[SpecialDay, ...]:
    """The days off and the working days shifted to weekends, which have the hours of a Monday.

    ``country``: ISO 3166-1 alpha-2. A name is in the country's own language. Raises ``Invalid`` for
    a country or year nobody has a list of.
    """
    wanted = sorted(set(years))
    try:
        found = holidays.country_holidays(country, years=wanted)
        language = found.default_language
        if language is not None:
            found = holidays.country_holidays(country, years=wanted, language=language)
    except NotImplementedError:
        raise Invalid(
            f"country: no holidays are known of {country}",
            fields={"holidays.country": ["No public holidays are known of this country."]},
        ) from None
    for year in wanted:
        if not any(day.year == year for day in found):
            text = f"No public holidays of {year} are known of this country."
            raise Invalid(f"years: {text}", fields={"holidays.years": [text]})
    off = [
        SpecialDay(date=day, hours=(), kind="holiday", name=name)
        for day, name in sorted(found.items())
        if day.year in wanted
    ]
    hours = next(filter(None, week), ())
    shifted: set[date] = set(getattr(found, "weekend_workdays", ()))
    worked = [
        SpecialDay(date=day, hours=hours, kind="shifted", name="")
        for day in sorted(shifted)
        if day.year in wanted
    ]
    return (*off, *worked)
