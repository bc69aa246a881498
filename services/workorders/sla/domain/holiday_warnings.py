"""Who sets the calendar is warned once of each year whose public holidays are missing.

A stream beside the levels' own: that somebody was warned changes nothing of what is promised.
"""

from __future__ import annotations

from msgspec import Struct

from services.workorders.sla.domain.events import PublicHolidaysMissing
from shared.errors import Forbidden
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller


class NotYoursToWarn(Forbidden):
    """The clock warns, nobody else."""


class Warned(Struct, frozen=True, kw_only=True):
    years: tuple[int, ...] = ()


class Warn(Struct, frozen=True, kw_only=True):
    """``years``: those that are missing now."""

    by: Caller
    community: str
    years: tuple[int, ...]


def decide(command: Warn, state: Warned, _meta: Meta) -> list[PublicHolidaysMissing]:
    """Raises ``NotYoursToWarn``."""
    if not command.by.has("service", command.community):
        raise NotYoursToWarn("Warnings follow from the calendar alone.")
    return [
        PublicHolidaysMissing(community=command.community, year=year)
        for year in command.years
        if year not in state.years
    ]


def evolve(state: Warned, event: PublicHolidaysMissing, _meta: Meta) -> Warned:
    return Warned(years=(*state.years, event.year))


HOLIDAY_WARNINGS = Decider("holiday_warnings", Warned, decide, evolve)
