"""How clocks and promises are told: times in ISO 8601 (UTC), lengths in whole seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from services.workorders.orders.views.order_board.projection import Row as Order
from services.workorders.sla.domain.calendar import WEEKDAYS, Calendar, Hours
from services.workorders.sla.domain.levels import Levels, numbered
from services.workorders.sla.domain.runs import Interval, Run
from services.workorders.sla.judging import Foreseen, used
from shared.eventlog.records import Recorded

Data = dict[str, Any]
BROKEN = 100
# what a resident is told of an escalation
_RESIDENTS = ("order", "number", "target", "run", "percent", "due_at", "at")


def run_told(run: Run) -> Data:
    """``ended_at``: when it was met or ended. ``remaining_seconds``: below 0 where it is late."""
    promise = run.limit
    return {
        "target": run.target,
        "run": run.number,
        "state": run.state,
        "minutes": None if promise is None else promise.amount // timedelta(minutes=1),
        "time": None if promise is None else promise.time,
        "started_at": _text(run.start),
        "ended_at": _text(run.end) if run.state in ("met", "ended") else None,
        "due": _text(run.due),
        "breached": run.breached,
        "consumed_seconds": _seconds(run.consumed),
        "remaining_seconds": None if run.remaining is None else _seconds(run.remaining),
        "stopped_by": run.stopped_by,
        "paused_seconds": {reason: _seconds(length) for reason, length in run.paused.items()},
        "intervals": [_interval_told(each) for each in run.intervals],
    }


def _interval_told(each: Interval) -> Data:
    return {
        "start": _text(each.start),
        "end": _text(each.end),
        "seconds": _seconds(each.length),
        "counted": each.counted,
        "why": each.why,
        "reason": each.reason,
        "name": each.name,
        "time": None if each.limit is None else each.limit.time,
    }


def concerns_resident(event: Any) -> bool:
    """Whether what was promised to the resident was broken; warnings before are the staff's."""
    return bool(event.target != "accept" and event.percent >= BROKEN)


def escalation_told(one: Recorded, *, staff: bool) -> Data:
    """To the resident: that it was broken and when, not who was told."""
    told: Data = {**msgspec.to_builtins(one.data), "at": one.meta.time.isoformat()}
    return told if staff else {name: told[name] for name in _RESIDENTS}


def foreseen_told(found: Foreseen, priority: str | None) -> Data:
    return {
        "priority": priority,
        "target": found.target,
        "minutes": found.limit.amount // timedelta(minutes=1),
        "time": found.limit.time,
        "due": _text(found.due),
    }


def pressing_told(order: Order, run: Run) -> Data:
    shown = ("number", "kind", "category", "building", "unit", "state", "activity", "technician")
    assert run.limit is not None, "without a promise nothing presses"
    return {
        "id": order.key,
        **{name: getattr(order, name) for name in shown},
        "submitted_at": _text(order.submitted_at),
        "target": run.target,
        "time": run.limit.time,
        "due": _text(run.due),
        "breached": run.breached,
        "percent": used(run),
        "remaining_seconds": None if run.remaining is None else _seconds(run.remaining),
        "stopped_by": run.stopped_by,
    }


def asked_for(levels: Levels, data: Mapping[str, Any]) -> Levels:
    """Of each the version asked for, or the newest. Raises ``NoSuchVersion``."""

    def pick(versions: Sequence[Any], field: str) -> tuple[Any, ...]:
        if data[field] is not None:
            return (numbered(versions, data[field], field),)
        return tuple(versions[-1:])

    return Levels(
        calendars=pick(levels.calendars, "calendar_version"),
        targets=pick(levels.targets, "targets_version"),
        ladders=pick(levels.ladders, "ladders_version"),
    )


def versions_told(levels: Levels, asked: Levels) -> Data:
    calendar = asked.calendars[0].calendar if asked.calendars else None
    return {
        "calendar": None if calendar is None else calendar_told(calendar),
        "targets": msgspec.to_builtins(asked.targets[0].targets) if asked.targets else None,
        "ladders": (
            msgspec.to_builtins(asked.ladders[0].ladders.ladders) if asked.ladders else None
        ),
        "versions": {
            part: [
                {"version": each.version, "at": _text(each.at), "by": each.by} for each in versions
            ]
            for part, versions in (
                ("calendar", levels.calendars),
                ("targets", levels.targets),
                ("ladders", levels.ladders),
            )
        },
    }


def calendar_told(calendar: Calendar) -> Data:
    return {
        "zone": calendar.zone,
        "week": {
            day: _hours_told(hours) for day, hours in zip(WEEKDAYS, calendar.week, strict=True)
        },
        "days": [
            {
                "date": each.date.isoformat(),
                "hours": _hours_told(each.hours),
                "kind": each.kind,
                "name": each.name,
            }
            for each in calendar.days
        ],
    }


def _hours_told(hours: Sequence[Hours]) -> list[str]:
    return [f"{_clock(each.start)}-{_clock(each.end)}" for each in hours]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _seconds(length: timedelta) -> int:
    """Towards the past: what is used up is never told as more than it is."""
    return length // timedelta(seconds=1)
