"""An incident: an outage that many will report. One stream an incident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.order_event import ActorsText
from services.workorders.orders.domain.vocabulary import DISPATCHERS, Kind
from shared.errors import Forbidden, Invalid, NotFound, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta, community_of
from shared.identity.caller import Caller


class IncidentOpened(Struct, frozen=True, kw_only=True):
    """``affected``: the buildings. ``notice`` is what people are told."""

    incident: str
    kind: Kind
    category: str
    affected: tuple[str, ...]
    notice: ActorsText
    expected_end: datetime | None


class LinkedReport(Struct, frozen=True, kw_only=True):
    """A work order that is about the incident. ``accepter``: whom it was made for."""

    order: str
    number: str
    accepter: str | None


class ReportLinked(Struct, frozen=True, kw_only=True):
    incident: str
    order: str
    number: str
    kind: Kind
    category: str
    building: str | None
    accepter: str | None


class IncidentAnswered(Struct, frozen=True, kw_only=True):
    """What there is to say of it now, in place of what was said before, to all who reported it.

    ``expected_end``: as seen now; None where nobody knows.
    """

    incident: str
    kind: Kind
    category: str
    affected: tuple[str, ...]
    notice: ActorsText
    expected_end: datetime | None
    reports: tuple[LinkedReport, ...]


class IncidentClosed(Struct, frozen=True, kw_only=True):
    """``reports``: all that were linked to it."""

    incident: str
    kind: Kind
    category: str
    affected: tuple[str, ...]
    reports: tuple[LinkedReport, ...]


EVENTS: dict[str, tuple[int, type]] = {
    "IncidentOpened": (1, IncidentOpened),
    "ReportLinked": (1, ReportLinked),
    "IncidentAnswered": (1, IncidentAnswered),
    "IncidentClosed": (1, IncidentClosed),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class NoSuchIncident(NotFound):
    """There is no such incident."""


class NotADispatcher(Forbidden):
    """Only those who dispatch there open, answer and close incidents."""


class IncidentOver(Refused):
    """The incident was closed already."""


class IncidentKnown(Refused):
    """An open incident of the category is about one of these buildings already."""


class Incident(Struct, frozen=True, kw_only=True):
    """``incident`` None: there is none."""

    incident: str | None = None
    kind: Kind = "repair"
    category: str = ""
    affected: tuple[str, ...] = ()
    open: bool = False
    reports: tuple[LinkedReport, ...] = ()


class Open(Struct, frozen=True, kw_only=True):
    """``known``: what is said of an open incident that is about one of these buildings; None where
    there is none.
    """

    by: Caller
    incident: str
    kind: str
    category: str
    affected: tuple[str, ...]
    notice: str
    expected_end: datetime | None
    known: str | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """Say how it stands."""

    by: Caller
    incident: str
    notice: str
    expected_end: datetime | None


class Close(Struct, frozen=True, kw_only=True):
    by: Caller
    incident: str


class Link(Struct, frozen=True, kw_only=True):
    """A report that came in its place and category."""

    order: str
    number: str
    building: str | None
    accepter: str | None


Command = Open | Answer | Close | Link
Event = IncidentOpened | ReportLinked | IncidentAnswered | IncidentClosed


def decide(command: Command, state: Incident, meta: Meta) -> list[Event]:
    """Linking again, or to what is over, changes nothing. Raises ``NoSuchIncident``,
    ``NotADispatcher``, ``IncidentOver``, ``IncidentKnown`` or ``Invalid`` with ``fields``.
    """
    match command:
        case Open():
            _may(command.by, command.incident)
            return [_open(command, meta)]
        case Answer():
            incident = _going_on(command.by, state)
            _check_end(command.expected_end, meta)
            return [
                IncidentAnswered(
                    incident=incident,
                    kind=state.kind,
                    category=state.category,
                    affected=state.affected,
                    notice=command.notice,
                    expected_end=command.expected_end,
                    reports=state.reports,
                )
            ]
        case Close():
            incident = _going_on(command.by, state)
            return [
                IncidentClosed(
                    incident=incident,
                    kind=state.kind,
                    category=state.category,
                    affected=state.affected,
                    reports=state.reports,
                )
            ]
        case Link():
            known = {one.order for one in state.reports}
            if state.incident is None or not state.open or command.order in known:
                return []
            return [
                ReportLinked(
                    incident=state.incident,
                    order=command.order,
                    number=command.number,
                    kind=state.kind,
                    category=state.category,
                    building=command.building,
                    accepter=command.accepter,
                )
            ]


def _going_on(caller: Caller, state: Incident) -> str:
    """Its id, if the caller may do something about it and there is something to be done."""
    if state.incident is None:
        raise NoSuchIncident("There is no such incident.")
    _may(caller, state.incident)
    if not state.open:
        raise IncidentOver("The incident was closed already.")
    return state.incident


def _check_end(expected_end: datetime | None, meta: Meta) -> None:
    if expected_end is not None and expected_end <= meta.time:
        raise _invalid("expected_end", "This is in the past.")


def _may(caller: Caller, incident: str) -> None:
    if caller.roles(community_of(incident)).isdisjoint(DISPATCHERS):
        raise NotADispatcher("Only those who dispatch there see to incidents.")


def _open(command: Open, meta: Meta) -> IncidentOpened:
    kind = next((one for one in CATEGORIES if one == command.kind), None)
    if kind is None or command.category not in CATEGORIES[kind]:
        raise _invalid("category", "There is no such category.")
    if not command.affected:
        raise _invalid("buildings", "Name the buildings it is about.")
    _check_end(command.expected_end, meta)
    if command.known is not None:
        raise IncidentKnown(
            f"Some of these buildings are in an outage that is open: {command.known}",
            fields={"buildings": ["An outage that is open is about them already."]},
        )
    return IncidentOpened(
        incident=command.incident,
        kind=kind,
        category=command.category,
        affected=tuple(dict.fromkeys(command.affected)),
        notice=command.notice,
        expected_end=command.expected_end,
    )


def evolve(state: Incident, event: Any, _meta: Meta) -> Incident:
    match event:
        case IncidentOpened():
            return Incident(
                incident=event.incident,
                kind=event.kind,
                category=event.category,
                affected=event.affected,
                open=True,
            )
        case ReportLinked():
            report = LinkedReport(order=event.order, number=event.number, accepter=event.accepter)
            return replace(state, reports=(*state.reports, report))
        case IncidentClosed():
            return replace(state, open=False)
    return state


def _invalid(field: str, text: str) -> Invalid:
    return Invalid(f"{field}: {text}", fields={field: [text]})


INCIDENT = Decider("incident", Incident, decide, evolve)
