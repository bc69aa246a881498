"""An order judged: the versions that hold for it, found by time, laid on its events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from services.workorders.sla.domain.clock import Run, clock
from services.workorders.sla.domain.happenings import Happening
from services.workorders.sla.domain.levels import (
    CalendarVersion,
    Levels,
    TargetsVersion,
    Version,
    at_time,
    numbered,
)


class Judged(Struct, frozen=True):
    calendar: CalendarVersion
    targets: TargetsVersion
    runs: tuple[Run, ...]


def judge(
    levels: Levels,
    happenings: Iterable[Happening],
    submitted: datetime,
    at: datetime,
    *,
    calendar_version: int | None = None,
    targets_version: int | None = None,
) -> Judged | None:
    """By what held when the submission was recorded, or by the versions asked for.

    None where nothing was promised then. Raises ``NoSuchVersion``.
    """
    calendar = _chosen(levels.calendars, calendar_version, submitted, "calendar_version")
    targets = _chosen(levels.targets, targets_version, submitted, "targets_version")
    if calendar is None or targets is None:
        return None
    return Judged(calendar, targets, clock(happenings, calendar.calendar, targets.targets, at))


def _chosen(
    versions: Sequence[Version], number: int | None, moment: datetime, field: str
) -> Version | None:
    return numbered(versions, number, field) if number is not None else at_time(versions, moment)
