"""Whether somebody is at work throughout a window of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from services.workorders.staff.domain.record import Span

Away = Literal["on_leave", "off_shift"]


def away(
    shifts: Sequence[Span],
    leave: Iterable[Span],
    starts: datetime,
    ends: datetime,
    zone: ZoneInfo,
) -> Away | None:
    """Why they are not there for the whole of it; None where they are.

    Whose shifts are not planned as far as that day, in the community's ``zone``, is taken to be
    there: visits are agreed for weeks that nobody has planned yet.
    """
    if any(one.meets(starts, ends) for one in leave):
        return "on_leave"
    local = starts.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    planned = any(one.starts >= midnight or one.meets(starts, ends) for one in shifts)
    return "off_shift" if planned and not _covered(shifts, starts, ends) else None


def _covered(shifts: Iterable[Span], starts: datetime, ends: datetime) -> bool:
    """One shift may follow on another."""
    reached = starts
    for one in sorted(shifts, key=lambda each: each.starts):
        if one.starts <= reached < one.ends:
            reached = one.ends
    return reached >= ends
