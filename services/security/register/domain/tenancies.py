"""Who lives in which unit: one stream a person and unit, so nobody lives in one place twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from services.security.ids import COMPANY
from services.security.register.domain.events import TenancyEnded, TenancyStarted
from services.security.register.domain.people import check_standing
from services.security.register.domain.places import no_such
from shared.errors import Invalid, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta, community_of

KINDS = ("owner", "tenant", "occupant")


class LivesThereAlready(Refused):
    """The tenancy runs already."""


class MovedOutAlready(Refused):
    """The tenancy has ended already."""


class OfAnotherCommunity(Refused):
    """People of one community are none of another's business."""


class Tenancy(Struct, frozen=True, kw_only=True):
    tenancy: str | None = None
    person: str = ""
    unit: str = ""
    building: str = ""
    community: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def running(self) -> bool:
        return self.tenancy is not None and self.until is None


class MoveIn(Struct, frozen=True, kw_only=True):
    """``building`` is ``None`` where the unit is not registered; ``standing`` is the person's.

    ``since`` is by default when the command is said to have happened.
    """

    tenancy: str
    person: str
    standing: str
    unit: str
    building: str | None
    community: str
    kind: str
    since: datetime | None


class MoveOut(Struct, frozen=True, kw_only=True):
    until: datetime | None
    reason: str = "moved_out"


def decide(
    command: MoveIn | MoveOut, state: Tenancy, meta: Meta
) -> list[TenancyStarted | TenancyEnded]:
    match command:
        case MoveIn():
            return [_move_in(command, state, meta)]
        case MoveOut():
            return [_move_out(command, state, meta)]


def _move_in(command: MoveIn, state: Tenancy, meta: Meta) -> TenancyStarted:
    if command.building is None:
        raise no_such("unit", "unit")
    check_standing(command.standing)
    if community_of(command.person) not in (command.community, COMPANY):
        raise OfAnotherCommunity(
            "This person is registered with another community; register them here first."
        )
    if state.running:
        raise LivesThereAlready(
            f"This person lives there already, as {state.kind}.", allowed=["move_out"]
        )
    since = command.since or meta.occurred_at
    _check_past("since", since, meta)
    if state.until is not None and since < state.until:
        raise _invalid("since", f"They lived there until {state.until.isoformat()}.")
    return TenancyStarted(
        tenancy=command.tenancy,
        person=command.person,
        unit=command.unit,
        building=command.building,
        community=command.community,
        kind=command.kind,
        since=since,
    )


def _move_out(command: MoveOut, state: Tenancy, meta: Meta) -> TenancyEnded:
    if state.tenancy is None or state.since is None:
        raise no_such("tenancy", "tenancy")
    if not state.running:
        raise MovedOutAlready("This person has moved out already.", allowed=["move_in"])
    until = command.until or meta.occurred_at
    _check_past("until", until, meta)
    if until < state.since:
        raise _invalid("until", f"They moved in later, {state.since.isoformat()}.")
    return TenancyEnded(
        tenancy=state.tenancy,
        person=state.person,
        unit=state.unit,
        building=state.building,
        community=state.community,
        kind=state.kind,
        until=until,
        reason=command.reason,
    )


def _check_past(field: str, moment: datetime, meta: Meta) -> None:
    if moment > meta.time:
        raise _invalid(field, "This may not lie in the future.")


def _invalid(field: str, text: str) -> Invalid:
    return Invalid("The dates do not fit; see its fields.", fields={field: [text]})


def evolve(state: Tenancy, event: Any, _meta: Meta) -> Tenancy:
    match event:
        case TenancyStarted():
            return Tenancy(
                tenancy=event.tenancy,
                person=event.person,
                unit=event.unit,
                building=event.building,
                community=event.community,
                kind=event.kind,
                since=event.since,
            )
        case TenancyEnded():
            return replace(state, until=event.until)
    return state


TENANCY = Decider("tenancy", Tenancy, decide, evolve)
