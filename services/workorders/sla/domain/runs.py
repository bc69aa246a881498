"""The runs of an order's targets and the intervals they are made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from services.workorders.orders.domain.vocabulary import HoldReason
from services.workorders.sla.domain.calendar import Closed
from services.workorders.sla.domain.targets import Limit, Target
from services.workorders.sla.domain.waits import StopReason, WaitReason

NOTHING = timedelta(0)

RunState = Literal["running", "paused", "met", "ended", "off"]
Held = Literal["assigned", "awaiting_acceptance", "declined", "cancelled", "merged"]
Why = Literal["running", "pause_counts", "paused", "no_target"] | WaitReason | Held | Closed


class Interval(Struct, frozen=True, kw_only=True):
    """A stretch of a run, and whether it counted and why.

    ``reason`` is the pause's, ``name`` the special day's; ``limit`` is the promise then in force.
    """

    start: datetime
    end: datetime
    counted: bool
    why: Why
    reason: HoldReason | None = None
    name: str | None = None
    limit: Limit | None = None

    @property
    def length(self) -> timedelta:
        return self.end - self.start


class Run(Struct, frozen=True, kw_only=True):
    """One target of one order, from its start until it is met; a reopened order runs anew.

    ``due``: when ``limit`` is used up; None while something stops it, and without a limit. Of a run
    that is over: when it would have been. ``breached``: it was not met at ``due``. ``end``: when it
    was met or ended, else the moment asked about. ``paused``: what each reason kept from counting.
    ``stopped_by``: why it stands still now. ``ahead``: from when until when it will stand still
    from ``end`` on, should nothing else happen.
    """

    target: Target
    number: int
    state: RunState
    start: datetime
    end: datetime
    limit: Limit | None
    consumed: timedelta
    due: datetime | None
    breached: bool
    intervals: tuple[Interval, ...]
    paused: dict[str, timedelta]
    stopped_by: StopReason | None = None
    ahead: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def open(self) -> bool:
        return self.state in ("running", "paused")

    @property
    def remaining(self) -> timedelta | None:
        """Negative: that much too late, in the target's kind of time."""
        return None if self.limit is None else self.limit.amount - self.consumed
