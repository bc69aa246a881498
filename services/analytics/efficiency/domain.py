"""What the figures mean, and how they come from rows. Pure.

An order that is merged into another is counted there, by no figure of its own. Any other belongs to
the moment it was submitted. The backlog is everything open at one moment, whenever it was
submitted, unless it is asked for by month or day.

A step is the time from one milestone to the next: until somebody was sent first (``dispatch``),
from there to the last repair (``repair``), and from there to the acceptance that holds
(``accept``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.analytics.efficiency.views.milestones.projection import Row
from services.analytics.exact import percentile, share
from services.analytics.selection import TIMES, Group, Selection

PERCENTS = (50, 90, 95)
# days an open order is old: the upper edges of the classes, each edge outside
AGES = (1, 3, 7, 30)
_DAY = 24 * 3600 * 1_000_000
_MICROSECOND = timedelta(microseconds=1)


@dataclass
class Tally:
    """Counts, and times in whole microseconds; the figures are made of them at the end.

    ``backlog``: age and number of each order.
    """

    count: int = 0
    repaired: int = 0
    redone: int = 0
    cancelled: int = 0
    declined: int = 0
    follow_ups: int = 0
    to_dispatch: list[int] = field(default_factory=list)
    to_first_repair: list[int] = field(default_factory=list)
    to_last_repair: list[int] = field(default_factory=list)
    to_accept: list[int] = field(default_factory=list)
    dispatch: list[int] = field(default_factory=list)
    repair: list[int] = field(default_factory=list)
    accept: list[int] = field(default_factory=list)
    backlog: list[tuple[int, str]] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.count += 1
        self.repaired += row.repairs > 0
        self.redone += row.repairs > 0 and row.redone > 0
        self.cancelled += row.state == "cancelled"
        self.declined += row.state == "declined"
        self.follow_ups += row.follows_up
        for times, moment in (
            (self.to_dispatch, row.dispatched_at),
            (self.to_first_repair, row.first_repaired_at),
            (self.to_last_repair, row.last_repaired_at),
            (self.to_accept, row.accepted_at),
        ):
            if moment is not None:
                times.append(_elapsed(row.submitted_at, moment))
        for times, since, until in (
            (self.dispatch, row.submitted_at, row.dispatched_at),
            (self.repair, row.dispatched_at, row.last_repaired_at),
            (self.accept, row.last_repaired_at, row.accepted_at),
        ):
            if since is not None and until is not None:
                times.append(_elapsed(since, until))

    def add_open(self, row: Row, at: datetime) -> None:
        self.backlog.append((_elapsed(row.submitted_at, at), row.number))

    def figures(self) -> dict[str, Any]:
        """Times in seconds, shares to 4 decimals, rounded half up; None where there is nothing."""
        return {
            "count": self.count,
            "to_dispatch": _percentiles(self.to_dispatch),
            "to_first_repair": _percentiles(self.to_first_repair),
            "to_last_repair": _percentiles(self.to_last_repair),
            "to_accept": _percentiles(self.to_accept),
            "steps": {
                "dispatch": _percentiles(self.dispatch),
                "repair": _percentiles(self.repair),
                "accept": _percentiles(self.accept),
            },
            "repaired": self.repaired,
            "first_time_fixed": self.repaired - self.redone,
            "first_time_fix_share": share(self.repaired - self.redone, self.repaired),
            "rework_share": share(self.redone, self.repaired),
            "cancelled": self.cancelled,
            "cancelled_share": share(self.cancelled, self.count),
            "declined": self.declined,
            "declined_share": share(self.declined, self.count),
            "follow_ups": self.follow_ups,
            "follow_up_share": share(self.follow_ups, self.count),
            "backlog": _ages(self.backlog),
        }


def tally(
    orders: Iterable[Row], selection: Selection, at: datetime
) -> tuple[Tally, dict[Group, Tally]]:
    """All together, and by group."""
    total = Tally()
    groups: dict[Group, Tally] = {}
    for row in orders:
        if row.merged:
            continue
        inside = selection.covers(row.submitted_at)
        waiting = is_open(row, at) and (inside or TIMES.isdisjoint(selection.group_by))
        if not inside and not waiting:
            continue
        group = selection.group(row, row.technician, row.submitted_at)
        for each in (total, groups.setdefault(group, Tally())):
            if inside:
                each.add(row)
            if waiting:
                each.add_open(row, at)
    return total, groups


def is_open(row: Row, at: datetime) -> bool:
    """Whether work was outstanding at that moment."""
    return any(span.since <= at and (span.until is None or at < span.until) for span in row.spans)


def _elapsed(since: datetime, until: datetime) -> int:
    # clocks that claim times may run a little ahead: what seems to take less than no time took none
    return max(0, (until - since) // _MICROSECOND)


def _percentiles(times: list[int]) -> dict[str, Any]:
    ordered = sorted(times)
    found: dict[str, Any] = {"count": len(ordered)}
    for percent in PERCENTS:
        value = percentile(ordered, percent) if ordered else None
        found[f"p{percent}"] = _seconds(value)
    return found


def _ages(backlog: list[tuple[int, str]]) -> dict[str, Any]:
    ordered = sorted(age for age, _ in backlog)
    oldest = min(backlog, key=lambda one: (-one[0], one[1]), default=None)
    return {
        "count": len(ordered),
        "age_p50": _seconds(percentile(ordered, 50) if ordered else None),
        "age_max": _seconds(ordered[-1] if ordered else None),
        "oldest": oldest[1] if oldest is not None else None,
        "ages": _classes(ordered),
    }


def _classes(ages: list[int]) -> list[dict[str, Any]]:
    """How many are so old, in days: ``from`` is inside, ``to`` is not; the last has no end."""
    edges = (0, *AGES, None)
    return [
        {
            "from": low,
            "to": high,
            "count": sum(low * _DAY <= age and (high is None or age < high * _DAY) for age in ages),
        }
        for low, high in itertools.pairwise(edges)
        if low is not None
    ]


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1_000_000
