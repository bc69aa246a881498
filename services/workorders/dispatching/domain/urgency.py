"""How urgent an order is: how much of the time promised for it is used up, and its priority.

Where nothing is promised: how much of the patience that its category allows is used up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.workorders.orders.domain.vocabulary import Priority
from services.workorders.sla.domain.runs import Run

MOST = 1000
# what waits for a technician is late by these; the others hang on what comes after
COUNTED = frozenset({"respond", "repair"})
# where a promise begins, so that of two equally far along the more important one goes first
BEGINS: dict[Priority, int] = {"urgent": 600, "high": 400, "normal": 200, "low": 0}
_HOUR = timedelta(hours=1)
# until somebody should be on their way, where nothing better is known
PATIENCE: dict[str, timedelta] = {
    "lift": 1 * _HOUR,
    "security": 2 * _HOUR,
    "electrical": 4 * _HOUR,
    "plumbing": 8 * _HOUR,
    "heating": 8 * _HOUR,
    "door_lock": 8 * _HOUR,
}
OTHERWISE = 24 * _HOUR


def urgency(
    category: str,
    submitted_at: datetime,
    at: datetime,
    *,
    runs: Iterable[Run] = (),
    priority: Priority = "normal",
) -> int:
    """From 0 (just reported) to 1000 (a promise is due, or patience is at its end).

    ``runs``: the order's clock at ``at``. The promise that is used up most counts.
    """
    shares = [
        MOST * run.consumed // run.limit.amount
        for run in runs
        if run.target in COUNTED and run.open and run.limit is not None
    ]
    if shares:
        begins = BEGINS[priority]
        return begins + (MOST - begins) * min(MOST, max(shares)) // MOST
    waited = max(timedelta(0), at - submitted_at)
    return min(MOST, MOST * waited // PATIENCE.get(category, OTHERWISE))
