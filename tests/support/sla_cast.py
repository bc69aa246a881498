"""The calendar, the promises and the moments that the tests of the SLA clock share.

Beijing time all along: Monday 2 March 2026 is an ordinary working day, 9 to 12 and 13:30 to 18.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.workorders.orders.domain.vocabulary import HoldReason, PauseReason, Priority
from services.workorders.sla.domain.calendar import Calendar, Hours, SpecialDay
from services.workorders.sla.domain.clock import clock
from services.workorders.sla.domain.happenings import Happening
from services.workorders.sla.domain.runs import Run
from services.workorders.sla.domain.targets import STOPPING, WAITS, Rule, Target, Targets, Waits
from services.workorders.sla.domain.waits import Wait
from tests.support.sla_lives import WIRE

BEIJING = ZoneInfo("Asia/Shanghai")
OFFICE = (Hours(start=540, end=720), Hours(start=810, end=1080))
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ROUND_THE_CLOCK = Calendar(zone="Asia/Shanghai", week=((Hours(start=0, end=1440),),) * 7)
OFFICE_HOURS = Calendar(zone="Asia/Shanghai", week=(*(OFFICE,) * 5, (), ()))


def at(text: str, *, day: int = 2, month: int = 3) -> datetime:
    """``at("09:30")``: that time in Beijing on 2 March 2026, a Monday."""
    hour, minute = text.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=BEIJING)


def event(
    name: str,
    when: datetime,
    *,
    priority: Priority | None = None,
    reason: HoldReason | None = None,
    category: str = "plumbing",
    wait: Wait | None = None,
) -> Happening:
    return Happening(
        type=WIRE.get(name, name),
        at=when,
        kind="repair",
        category=category,
        priority=priority or ("normal" if name == "submitted" else None),
        reason=reason,
        wait=wait,
    )


def rule(target: Target, minutes: int | None, time: str = "working", **match: str) -> Rule:
    return Rule(target=target, minutes=minutes, time=time, **match)  # type: ignore[arg-type]


def promises(
    *rules: Rule, stopping: tuple[PauseReason, ...] = STOPPING, waits: Waits = WAITS
) -> Targets:
    return Targets(rules=rules, stopping=stopping, waits=waits)


def run_of(
    target: Target,
    events: list[Happening],
    targets: Targets,
    when: datetime,
    *,
    calendar: Calendar = OFFICE_HOURS,
    number: int = 1,
) -> Run:
    """The one run of the target with that number."""
    (found,) = [
        run
        for run in clock(events, calendar, targets, when)
        if run.target == target and run.number == number
    ]
    return found


def day_off(name: str, *, day: int, month: int = 3) -> SpecialDay:
    return SpecialDay(date=datetime(2026, month, day).date(), hours=(), kind="holiday", name=name)
