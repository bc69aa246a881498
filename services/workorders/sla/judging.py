"""An order judged: the versions that hold for it, found by time, laid on its events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from services.workorders.sla.domain.calendar import Calendar
from services.workorders.sla.domain.clock import clock
from services.workorders.sla.domain.happenings import Happening
from services.workorders.sla.domain.levels import (
    CalendarVersion,
    Levels,
    TargetsVersion,
    Version,
    at_time,
    numbered,
)
from services.workorders.sla.domain.runs import Run
from services.workorders.sla.domain.targets import TARGETS, Limit, Target, Targets, limit


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


class Foreseen(Struct, frozen=True):
    """A promise to an order that nobody has submitted yet; ``due`` None: it starts later."""

    target: Target
    limit: Limit
    due: datetime | None


def foreseen(submitted: Happening, calendar: Calendar, targets: Targets) -> list[Foreseen]:
    """What would be promised to an order whose submission this is."""
    runs = {
        run.target: run for run in clock([submitted], calendar, targets, submitted.at) if run.limit
    }
    found = []
    for target in TARGETS:
        promise = limit(
            targets,
            target,
            kind=submitted.kind,
            category=submitted.category,
            priority=str(submitted.priority),
        )
        if promise is not None:
            run = runs.get(target)
            found.append(Foreseen(target, promise, None if run is None else run.due))
    return found


def most_pressing(runs: Iterable[Run]) -> Run | None:
    """Of what staff have promised and not kept yet, what has least time left."""
    open_ = [run for run in runs if run.target != "accept" and run.open and run.limit is not None]
    return min(open_, key=lambda run: (not run.breached, left(run)), default=None)


def left(run: Run) -> timedelta:
    """Below 0 where it is late."""
    return run.remaining if run.remaining is not None else timedelta.max


def used(run: Run) -> int:
    """How many percent of its time a run has used up, rounded down."""
    return 0 if run.limit is None else 100 * run.consumed // run.limit.amount


def _chosen(
    versions: Sequence[Version], number: int | None, moment: datetime, field: str
) -> Version | None:
    return numbered(versions, number, field) if number is not None else at_time(versions, moment)
