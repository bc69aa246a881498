"""What a community promises: every version of its calendar, its targets and its ladders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.sla.domain import calendar as calendars
from services.workorders.sla.domain import ladder as ladders_
from services.workorders.sla.domain import targets as targets_
from services.workorders.sla.domain.calendar import Calendar
from services.workorders.sla.domain.events import (
    EscalationLaddersSet,
    ServiceCalendarSet,
    ServiceTargetsSet,
)
from services.workorders.sla.domain.ladder import Ladders
from services.workorders.sla.domain.targets import Targets
from shared.errors import Forbidden, NotFound, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller

SETTERS = ("manager", "admin")
READERS = (
    *("technician", "dispatcher", "supervisor", "manager", "guard"),
    *("auditor", "admin", "service"),
)


class NotYoursToPromise(Forbidden):
    """Only the community's managers and administrators say what it promises."""


class NoSuchVersion(NotFound):
    """There is no such version."""


class CalendarMissing(Refused):
    """Promises that no calendar measures would never be due, and nobody would notice."""


class PromisesMissing(Refused):
    """Of what is not promised nobody would ever be told that it is broken."""


class CalendarVersion(Struct, frozen=True, kw_only=True):
    version: int
    at: datetime
    by: str
    calendar: Calendar


class TargetsVersion(Struct, frozen=True, kw_only=True):
    version: int
    at: datetime
    by: str
    targets: Targets


class LaddersVersion(Struct, frozen=True, kw_only=True):
    version: int
    at: datetime
    by: str
    ladders: Ladders


class Levels(Struct, frozen=True, kw_only=True):
    """Each oldest first."""

    calendars: tuple[CalendarVersion, ...] = ()
    targets: tuple[TargetsVersion, ...] = ()
    ladders: tuple[LaddersVersion, ...] = ()


class SetCalendar(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    calendar: Calendar


class SetTargets(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    targets: Targets


class SetLadders(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    ladders: Ladders


Version = TypeVar("Version", CalendarVersion, TargetsVersion, LaddersVersion)


def at_time(versions: Sequence[Version], moment: datetime) -> Version | None:
    """The version in force at a recorded time: the newest set by then."""
    return next((each for each in reversed(versions) if each.at <= moment), None)


def numbered(versions: Sequence[Version], number: int, field: str) -> Version:
    """Raises ``NoSuchVersion``, naming the field."""
    for each in versions:
        if each.version == number:
            return each
    text = "There is no such version."
    raise NoSuchVersion(f"{field}: {text}", fields={field: [text]})


def check_measured(targets: Targets, calendar: Calendar | None) -> None:
    """Raises ``CalendarMissing``."""
    if targets.rules and calendar is None:
        raise CalendarMissing("Set the calendar first: promises are measured by it.")


def promised(state: Levels) -> bool:
    """Whether anything is, to orders that are submitted from now on."""
    return bool(state.targets and state.targets[-1].targets.rules)


def decide(
    command: SetCalendar | SetTargets | SetLadders, state: Levels, _meta: Meta
) -> list[ServiceCalendarSet | ServiceTargetsSet | EscalationLaddersSet]:
    """The same again changes nothing. Raises ``NotYoursToPromise``, ``CalendarMissing``,
    ``PromisesMissing`` and what ``check`` raises.
    """
    community = command.community
    if not any(command.by.has(role, community) for role in SETTERS):
        raise NotYoursToPromise("Ask a manager or administrator of the community to set this.")
    match command:
        case SetCalendar(calendar=calendar):
            calendars.check(calendar)
            if state.calendars and state.calendars[-1].calendar == calendar:
                return []
            version = len(state.calendars) + 1
            return [ServiceCalendarSet(community=community, version=version, calendar=calendar)]
        case SetTargets(targets=targets):
            targets_.check(targets)
            if state.targets and state.targets[-1].targets == targets:
                return []
            check_measured(targets, state.calendars[-1].calendar if state.calendars else None)
            version = len(state.targets) + 1
            return [ServiceTargetsSet(community=community, version=version, targets=targets)]
        case SetLadders(ladders=ladders):
            ladders_.check(ladders)
            if state.ladders and state.ladders[-1].ladders == ladders:
                return []
            if any(one.steps for one in ladders.ladders) and not promised(state):
                raise PromisesMissing("Set the targets first: ladders are climbed by them.")
            version = len(state.ladders) + 1
            return [
                EscalationLaddersSet(community=community, version=version, ladders=ladders.ladders)
            ]


def evolve(state: Levels, event: Any, meta: Meta) -> Levels:
    return taken(state, event, at=meta.time, by=meta.actor)


def taken(state: Levels, event: Any, *, at: datetime, by: str) -> Levels:
    """The levels after an event of theirs, recorded at ``at`` by ``by``."""
    match event:
        case ServiceCalendarSet(version=version, calendar=calendar):
            made = CalendarVersion(version=version, at=at, by=by, calendar=calendar)
            return replace(state, calendars=(*state.calendars, made))
        case ServiceTargetsSet(version=version, targets=targets):
            promised = TargetsVersion(version=version, at=at, by=by, targets=targets)
            return replace(state, targets=(*state.targets, promised))
        case EscalationLaddersSet(version=version, ladders=ladders):
            climbed = LaddersVersion(
                version=version, at=at, by=by, ladders=Ladders(ladders=ladders)
            )
            return replace(state, ladders=(*state.ladders, climbed))
    return state


LEVELS = Decider("service_levels", Levels, decide, evolve)
