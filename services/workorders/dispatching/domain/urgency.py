"""How urgent an order is: how much of the patience that its category allows is used up.

Once orders have a due time, its share used up takes the place of the one that is made up here:
``urgency`` is the one place that knows.
"""

from __future__ import annotations

from datetime import datetime, timedelta

MOST = 1000
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


def urgency(category: str, submitted_at: datetime, at: datetime) -> int:
    """From 0 (just reported) to 1000 (patience is at its end)."""
    waited = max(timedelta(0), at - submitted_at)
    return min(MOST, MOST * waited // PATIENCE.get(category, OTHERWISE))
