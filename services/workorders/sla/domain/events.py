"""What was promised and when, and what was escalated. Who and when stand in the meta."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from services.workorders.orders.domain.vocabulary import Kind, Priority
from services.workorders.sla.domain.calendar import Calendar
from services.workorders.sla.domain.ladder import Ladder
from services.workorders.sla.domain.targets import Target, Targets


class ServiceCalendarSet(Struct, frozen=True, kw_only=True):
    """The community's working time, for orders submitted from now on. ``version``: from 1."""

    community: str
    version: int
    calendar: Calendar


class ServiceTargetsSet(Struct, frozen=True, kw_only=True):
    """What the community promises, for orders submitted from now on. ``version``: from 1."""

    community: str
    version: int
    targets: Targets


class EscalationLaddersSet(Struct, frozen=True, kw_only=True):
    """Who is told when, for every order from now on. ``version``: from 1."""

    community: str
    version: int
    ladders: tuple[Ladder, ...]


class WorkOrderEscalated(Struct, frozen=True, kw_only=True):
    """So much of a target's time is used up; these are to be told.

    ``order`` is its stream. ``due_at``: when this step was due; ``target_due``: when the target is.
    ``whom``: people up the reporting line; where that names nobody, those who hold ``role`` at the
    place: that of the level, or the first above it that somebody there holds. ``run``: counted from
    1, as the order is reopened or repaired again.
    """

    order: str
    number: str
    kind: Kind
    category: str
    building: str | None
    unit: str | None
    technician: str | None
    priority: Priority
    target: Target
    run: int
    percent: int
    up: int
    due_at: datetime
    target_due: datetime | None
    whom: tuple[str, ...]
    role: str


class PublicHolidaysMissing(Struct, frozen=True, kw_only=True):
    """The calendar in force has public holidays, and none of this year, which has begun or is soon
    to begin. Once a year.
    """

    community: str
    year: int


EVENTS: dict[str, tuple[int, type]] = {
    "ServiceCalendarSet": (1, ServiceCalendarSet),
    "ServiceTargetsSet": (1, ServiceTargetsSet),
    "EscalationLaddersSet": (1, EscalationLaddersSet),
    "WorkOrderEscalated": (1, WorkOrderEscalated),
    "PublicHolidaysMissing": (1, PublicHolidaysMissing),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
