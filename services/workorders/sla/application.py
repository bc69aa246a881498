"""The use cases of the clock: set what is promised, look at an order's clock, escalate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.aftercare import STANDARD, Aftercare
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.state import Order
from services.workorders.register.directory import Directory
from services.workorders.sla.answers import (
    asked_for,
    concerns_resident,
    escalation_told,
    run_told,
    versions_told,
)
from services.workorders.sla.domain.aftercare import aftercare
from services.workorders.sla.domain.calendar import missing_holidays
from services.workorders.sla.domain.escalations import (
    ESCALATIONS,
    Due,
    Escalate,
    NotYoursToEscalate,
    next_due,
)
from services.workorders.sla.domain.events import WorkOrderEscalated
from services.workorders.sla.domain.happenings import Happening, happening
from services.workorders.sla.domain.ladder import Ladder, Ladders, Step, steps
from services.workorders.sla.domain.levels import (
    LEVELS,
    READERS,
    Levels,
    NotYoursToPromise,
    SetCalendar,
    SetLadders,
    SetTargets,
)
from services.workorders.sla.judging import judge
from services.workorders.sla.proposals import calendar_of, targets_of
from shared.errors import NotFound
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.eventlog.records import Recorded, community_of
from shared.request import Request

_NAMESPACE = UUID("b7a0a5b2-8c0e-5a0e-9f0d-2f7f3f7c6f10")
# who is told where the reporting line names nobody, by levels up; the next where nobody is that
ROLES = ("dispatcher", "supervisor", "manager")

Data = dict[str, Any]
# the order's community number or id to its id, if the caller may see it
Find = Callable[[Request, Data], tuple[str, bool]]


@lru_cache(maxsize=4096)
def levels_stream(community: str) -> str:
    return f"{community}.{uuid5(_NAMESPACE, 'service levels')}"


def warnings_stream(community: str) -> str:
    return f"{community}.{uuid5(_NAMESPACE, 'holiday warnings')}"


def escalations_stream(order: str) -> str:
    return f"{community_of(order)}.{uuid5(_NAMESPACE, order)}"


class ServiceLevels:
    """``find`` finds an order for a caller who may see it; see ``OrderQueries.find``."""

    def __init__(self, log: EventLog, directory: Directory, find: Find) -> None:
        self._log = log
        self._directory = directory
        self._find = find

    # -- what is promised --------------------------------------------------------------------------

    def set_calendar(self, request: Request, data: Data) -> Data:
        """Holidays are looked up now and kept as dates: a later list changes nothing."""
        community = data["community"]
        calendar = calendar_of(data, self._directory.timezone(community).key)
        return self._set(
            request, SetCalendar(by=request.caller, community=community, calendar=calendar)
        )

    def set_targets(self, request: Request, data: Data) -> Data:
        community = data["community"]
        self._directory.timezone(community)
        targets = targets_of(data)
        return self._set(
            request, SetTargets(by=request.caller, community=community, targets=targets)
        )

    def set_ladders(self, request: Request, data: Data) -> Data:
        community = data["community"]
        self._directory.timezone(community)
        ladders = Ladders(
            ladders=tuple(
                Ladder(
                    kind=each["kind"],
                    category=each["category"],
                    steps=tuple(Step(**step) for step in each["steps"]),
                )
                for each in data["ladders"]
            )
        )
        return self._set(
            request, SetLadders(by=request.caller, community=community, ladders=ladders)
        )

    def _set(self, request: Request, command: SetCalendar | SetTargets | SetLadders) -> Data:
        answer = self._log.execute(
            LEVELS,
            levels_stream(command.community),
            command,
            request.context,
            expected_version=request.expected_version,
        )
        return answered(self._log, answer, **_newest(answer.state))

    def service_levels(self, request: Request, data: Data) -> Data:
        """What holds now, or the versions asked for, and when each version was set by whom."""
        community = data["community"]
        if not any(request.caller.has(role, community) for role in READERS):
            raise NotYoursToPromise("This is for the people who work in the community.")
        self._directory.timezone(community)
        levels, _ = self._log.load(LEVELS, levels_stream(community))
        missing = (
            missing_holidays(levels.calendars[-1].calendar, self._log.clock.now())
            if levels.calendars
            else ()
        )
        return {
            "community": community,
            **versions_told(levels, asked_for(levels, data)),
            "missing_holidays": [*missing],
            "behind": False,
        }

    def aftercare(self, community: str, kind: str, category: str) -> Aftercare:
        """What follows the work on an order that is submitted now, for the order to keep."""
        levels: Levels = self._log.recent(LEVELS, levels_stream(community))
        if not levels.targets:
            return STANDARD
        rules = levels.targets[-1].targets.aftercare
        return aftercare(rules, kind=kind, category=category)

    # -- the clock of one order --------------------------------------------------------------------

    def sla(self, request: Request, data: Data) -> Data:
        """Every target of one order: when it is due, what was used up, and which interval counted
        and why.
        """
        order_id, staff = self._find(request, data)
        events = self._log.history(order_id)
        at = data["at"] or self._log.clock.now()
        if _moment(events[0], data["by"]) > at:
            raise NotFound("the order did not exist yet at that time")
        levels, _ = self._log.load(LEVELS, levels_stream(community_of(order_id)))
        state: Order = ORDER.fold(Order(), [e for e in events if _moment(e, data["by"]) <= at])
        judged = judge(
            levels,
            _happenings(events, data["by"]),
            events[0].meta.time,
            at,
            calendar_version=data["calendar_version"],
            targets_version=data["targets_version"],
        )
        runs = () if judged is None else judged.runs
        told = self._log.history(escalations_stream(order_id))
        return {
            "id": order_id,
            "number": state.number,
            "priority": state.priority,
            "at": at.isoformat(),
            "by": data["by"],
            "calendar_version": None if judged is None else judged.calendar.version,
            "targets_version": None if judged is None else judged.targets.version,
            "targets": [run_told(run) for run in runs],
            "escalations": [
                escalation_told(one, staff=staff)
                for one in told
                if one.meta.time <= at and (staff or concerns_resident(one.data))
            ],
            "behind": False,
        }

    def escalate(self, request: Request, data: Data) -> Data:
        """Tell the next step of the ladder, if the clock says that it is due by now.

        Called by timers, which may come too early or too late: what counts is the clock. Answers
        ``escalated`` null where nothing is due.
        """
        order_id, community = data["id"], community_of(data["id"])
        if not request.caller.has("service", community):
            raise NotYoursToEscalate("Escalations follow from the clock alone.")
        events = self._log.history(order_id)
        if not events:
            raise NoSuchOrder(NoSuchOrder.text)
        order: Order = ORDER.fold(Order(), events)
        stream = escalations_stream(order_id)
        at = max(self._log.clock.now(), data["due"])
        found = self._next(order, events, stream, at)
        if found is None or found.at > at:
            return {"id": order_id, "number": order.number, "escalated": None}
        event = self._escalated(order, found)
        answer = self._log.execute(
            ESCALATIONS,
            stream,
            Escalate(by=request.caller, community=community, event=event),
            # what the order has come to is why its time runs out
            msgspec.structs.replace(request.context, causation_id=events[-1].id),
        )
        return answered(
            self._log,
            answer,
            id=order_id,
            number=order.number,
            escalated={"target": event.target, "run": event.run, "percent": event.percent},
        )

    def _next(
        self, order: Order, events: Sequence[Recorded], stream: str, at: datetime
    ) -> Due | None:
        levels: Levels = self._log.load(LEVELS, levels_stream(order.community))[0]
        judged = judge(levels, _happenings(events, "occurred"), events[0].meta.time, at)
        if judged is None or not levels.ladders:
            return None
        climbed = steps(levels.ladders[-1].ladders, kind=order.kind, category=order.category)
        fired = self._log.load(ESCALATIONS, stream)[0].fired
        return next_due(judged.runs, climbed, fired, judged.calendar.calendar)

    def _escalated(self, order: Order, due: Due) -> WorkOrderEscalated:
        up = due.step.up
        if up == 0:
            whom = [order.technician] if order.technician is not None else []
        else:
            above = (
                self._directory.superior(order.technician, up, order.community, order.building)
                if order.technician is not None
                else None
            )
            whom = [above] if above is not None else []
        return WorkOrderEscalated(
            order=order.id,
            number=order.number,
            kind=order.kind,
            category=order.category,
            building=order.building,
            unit=order.unit,
            technician=order.technician,
            priority=order.priority,
            target=due.run.target,
            run=due.run.number,
            percent=due.step.percent,
            up=up,
            due_at=due.at,
            target_due=due.run.due,
            whom=tuple(whom),
            role=self._role(order, up),
        )

    def _role(self, order: Order, up: int) -> str:
        """The role of that level, or the first above it that anybody holds at the order's place."""
        roles = ROLES[min(up, len(ROLES) - 1) :]
        return next(
            (
                role
                for role in roles
                if self._directory.any_holds((role,), order.community, order.building)
            ),
            roles[0],
        )


def _moment(event: Recorded, by: str) -> datetime:
    return event.meta.time if by == "recorded" else event.meta.occurred_at


def _happenings(events: Sequence[Recorded], by: str) -> list[Happening]:
    if events[0].name != "WorkOrderSubmitted":
        return []  # imported: promised to nobody
    found = (
        happening(each.name, _fields(each), _moment(each, by), each.meta.actor) for each in events
    )
    return [one for one in found if one is not None]


def _fields(event: Recorded) -> Mapping[str, Any]:
    found: Mapping[str, Any] = msgspec.to_builtins(event.data)
    return found


def _newest(levels: Levels) -> Data:
    return {
        "calendar_version": len(levels.calendars) or None,
        "targets_version": len(levels.targets) or None,
        "ladders_version": len(levels.ladders) or None,
    }
