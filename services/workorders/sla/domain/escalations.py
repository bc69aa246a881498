"""What was escalated of one order: each step of each run once.

A stream beside the order's own: that somebody was told changes nothing of the order, so it must not
make a conflict for who works on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.orders.domain.vocabulary import SERVICE
from services.workorders.sla.domain.calendar import Calendar
from services.workorders.sla.domain.clock import reached
from services.workorders.sla.domain.events import WorkOrderEscalated
from services.workorders.sla.domain.ladder import Step
from services.workorders.sla.domain.runs import Run
from services.workorders.sla.domain.targets import Target
from shared.errors import Forbidden
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller


class Fired(Struct, frozen=True):
    target: Target
    run: int
    percent: int


class Escalations(Struct, frozen=True, kw_only=True):
    fired: tuple[Fired, ...] = ()


class Escalate(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    event: WorkOrderEscalated


class NotYoursToEscalate(Forbidden):
    """The clock escalates, nobody else."""


class Due(NamedTuple):
    """A step of a run, and when it was or will be due."""

    at: datetime
    run: Run
    step: Step


def next_due(
    runs: tuple[Run, ...], steps: tuple[Step, ...], fired: tuple[Fired, ...], calendar: Calendar
) -> Due | None:
    """The earliest step of the open runs that was not fired yet; it may lie in the past.

    None while nothing can be due: all is met, paused, without a promise or fired.
    """
    best: Due | None = None
    for run in runs:
        if not run.open:
            continue
        for step in steps:
            if Fired(run.target, run.number, step.percent) in fired:
                continue
            moment = reached(run, step.percent, calendar)
            if moment is not None and (best is None or moment < best.at):
                best = Due(moment, run, step)
    return best


def decide(command: Escalate, state: Escalations, _meta: Meta) -> list[WorkOrderEscalated]:
    if not any(command.by.has(role, command.community) for role in SERVICE):
        raise NotYoursToEscalate("Escalations follow from the clock alone.")
    event = command.event
    if Fired(event.target, event.run, event.percent) in state.fired:
        return []
    return [event]


def evolve(state: Escalations, event: Any, _meta: Meta) -> Escalations:
    if not isinstance(event, WorkOrderEscalated):
        return state
    return replace(state, fired=(*state.fired, Fired(event.target, event.run, event.percent)))


ESCALATIONS = Decider("escalations", Escalations, decide, evolve)
