"""Which orders are counted, and how they are grouped. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

DIMENSIONS = ("community", "building", "category", "kind", "channel", "technician", "month", "day")
# those that are parts of the period
TIMES = frozenset({"month", "day"})
Group = tuple[str | None, ...]


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """The period and the groups. ``since`` is inside the period, ``until`` is not; None is open."""

    group_by: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    time_zone: str = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def covers(self, moment: datetime) -> bool:
        return (self.since is None or self.since <= moment) and (
            self.until is None or moment < self.until
        )

    def group(self, row: Any, technician: str | None, moment: datetime) -> Group:
        """The group of what happened to an order; months as ``2026-03``, days as ``2026-03-01``."""
        found: list[str | None] = []
        for name in self.group_by:
            if name in TIMES:
                local = moment.astimezone(self.zone)
                month = f"{local.year:04d}-{local.month:02d}"
                found.append(month if name == "month" else f"{month}-{local.day:02d}")
            elif name == "technician":
                found.append(technician)
            else:
                found.append(getattr(row, name))
        return tuple(found)


def in_order(groups: Iterable[Group]) -> list[Group]:
    """Sorted by their values, those without one first."""
    return sorted(groups, key=lambda group: [(value is not None, value or "") for value in group])
