"""Working time and promises as people give them, read into a calendar and targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.workorders.sla.domain.aftercare import AftercareRule
from services.workorders.sla.domain.calendar import WEEKDAYS, Calendar, Hours, SpecialDay
from services.workorders.sla.domain.targets import STOPPABLE, Rule, Stoppable, Targets, Waits
from services.workorders.sla.public_holidays import special_days


def calendar_of(data: Mapping[str, Any], zone: str) -> Calendar:
    """Holidays are looked up now; local days go before them. Raises ``Invalid``."""
    week = tuple(_hours(data["week"][day]) for day in WEEKDAYS)
    days: dict[Any, SpecialDay] = {}
    if data["holidays"] is not None:
        wanted = data["holidays"]
        for day in special_days(wanted["country"], wanted["years"], week):
            days[day.date] = day
    local = [
        SpecialDay(date=each["date"], hours=_hours(each["hours"]), kind="local", name=each["name"])
        for each in data["days"]
    ]
    for own in local:
        days.pop(own.date, None)
    return Calendar(
        zone=zone,
        week=week,
        days=tuple(sorted((*days.values(), *local), key=lambda day: day.date)),
    )


def targets_of(data: Mapping[str, Any]) -> Targets:
    return Targets(
        rules=tuple(Rule(**rule) for rule in data["rules"]),
        stopping=tuple(dict.fromkeys(data["stopping"])),
        waits=waits_of(data["waits"]),
        aftercare=tuple(AftercareRule(**rule) for rule in data["aftercare"]),
    )


def waits_of(data: Mapping[str, Sequence[Stoppable]]) -> Waits:
    """The targets in their own order, so that the same again is the same."""
    return Waits(
        **{name: tuple(one for one in STOPPABLE if one in found) for name, found in data.items()}
    )


def _hours(texts: Sequence[str]) -> tuple[Hours, ...]:
    return tuple(
        Hours(start=_minutes(start), end=_minutes(end))
        for start, _, end in (text.partition("-") for text in texts)
    )


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
