"""When so much of a promise was or will be used up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args

from services.workorders.sla.domain.calendar import Timetable
from services.workorders.sla.domain.runs import NOTHING, Held, Interval, Run
from services.workorders.sla.domain.targets import Limit

_HELD: tuple[Held, ...] = get_args(Held)


def share_reached(run: Run, percent: int, timetable: Timetable) -> datetime | None:
    """When this share of the limit was used up, or will be: through the waits that are known.

    None where nobody can tell: a pause stops it, or there is no limit, or it is over.
    """
    if run.limit is None:
        return None
    found = used_up(run, percent)
    stands = run.state == "paused" and not run.ahead
    if found is not None or stands or run.state == "ended":
        return found
    return _onwards(run, run.limit, _share(run.limit, percent) - run.consumed, timetable)


def used_up(run: Run, percent: int) -> datetime | None:
    """When this share of the limit was used up, if it was by the end of the run.

    A stricter promise is broken at the earliest when it is made; a milder one is judged as if it
    had held all along, for the stricter one did.
    """
    found: datetime | None = None
    before: Limit | None = None
    consumed = NOTHING
    for each in run.intervals:
        if each.why not in _HELD:
            if each.limit is None:
                found = before = None
            elif before is None or each.limit != before:
                share = _share(each.limit, percent)
                if consumed < share:
                    found = None
                elif found is None:
                    found = each.start
                elif before is not None and share > _share(before, percent):
                    found = _crossing(run.intervals, share)
                before = each.limit
        if before is not None and found is None and each.counted:
            share = _share(before, percent)
            if consumed + each.length >= share:
                found = each.start + (share - consumed)
        if each.counted:
            consumed += each.length
    if run.limit is None:
        return None
    share = _share(run.limit, percent)
    if run.limit != before:
        # the promise was changed at the very end, so no interval has it yet
        if before is not None and found is not None and consumed >= share:
            return found if share <= _share(before, percent) else _crossing(run.intervals, share)
        found = run.end if consumed >= share else None
    return found


def _onwards(run: Run, limit: Limit, left: timedelta, timetable: Timetable) -> datetime:
    at = run.end
    for since, until in run.ahead:
        reached = _after(at, left, limit, timetable)
        if reached <= since:
            return reached
        left -= _counted(at, since, limit, timetable)
        at = max(at, until)
    return _after(at, left, limit, timetable)


def _after(at: datetime, left: timedelta, limit: Limit, timetable: Timetable) -> datetime:
    return at + left if limit.time == "calendar" else timetable.after(at, left)


def _counted(start: datetime, end: datetime, limit: Limit, timetable: Timetable) -> timedelta:
    if start >= end:
        return NOTHING
    if limit.time == "calendar":
        return end - start
    slices = timetable.slices(start, end)
    return sum((each.end - each.start for each in slices if each.working), NOTHING)


def _share(promise: Limit, percent: int) -> timedelta:
    return promise.amount * percent / 100


def _crossing(intervals: Sequence[Interval], share: timedelta) -> datetime:
    consumed = NOTHING
    for each in intervals:
        if each.counted:
            if consumed + each.length >= share:
                return each.start + (share - consumed)
            consumed += each.length
    raise AssertionError("less was used up than that")
