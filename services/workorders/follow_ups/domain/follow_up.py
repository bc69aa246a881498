"""The follow-ups of one order, one after the other; one stream an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.follow_ups.domain.events import (
    OUTCOMES,
    FollowUpDropped,
    FollowUpDue,
    FollowUpEvent,
    FollowUpRecorded,
    Reason,
)
from services.workorders.orders.domain.refusals import OwnWork
from services.workorders.orders.domain.values import invalid, one_of, text
from services.workorders.orders.domain.vocabulary import DISPATCHERS, Kind
from shared.errors import Forbidden, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta, community_of
from shared.identity.caller import Caller

# nobody is called a fourth time
MOST_ATTEMPTS = 3
_NAMESPACE = UUID("b2f0a6d4-1f39-5f0c-9d02-3c5b7f4f8e61")


def follow_ups_id(order: str) -> str:
    """The stream of an order's follow-ups."""
    community, _, own = order.partition(".")
    return f"{community}.{uuid5(_NAMESPACE, own)}"


class NoFollowUpDue(Refused):
    """Nothing is to be asked about this order."""


class NotForYou(Forbidden):
    """Only those who dispatch at the order's place follow work up."""


class About(Struct, frozen=True, kw_only=True):
    """The order it is about, as its last event had it."""

    order: str
    number: str
    kind: Kind
    category: str
    building: str | None
    unit: str | None
    accepter: str | None
    technician: str | None


class FollowUps(Struct, frozen=True, kw_only=True):
    """``reason`` and ``attempts``: of the last round."""

    open: bool = False
    round: int = 0
    reason: Reason | None = None
    attempts: int = 0


class Due(Struct, frozen=True, kw_only=True):
    about: About
    reason: Reason
    stars: int | None
    due_at: datetime
    edition: int


class Record(Struct, frozen=True, kw_only=True):
    """``repairers``: who did the work, so does not ask about it. ``reopen``: the order, too."""

    by: Caller
    about: About
    repairers: tuple[str, ...]
    outcome: str
    satisfied: bool | None
    notes: str | None
    reopen: bool


class Drop(Struct, frozen=True, kw_only=True):
    about: About


def decide(command: Due | Record | Drop, state: FollowUps, _meta: Meta) -> list[FollowUpEvent]:
    """Raises ``NoFollowUpDue``, ``NotForYou``, ``OwnWork`` or ``Invalid`` with ``fields``."""
    match command:
        case Due():
            return _due(command, state)
        case Record():
            return [_recorded(command, state)]
        case Drop():
            gone = FollowUpDropped(**_keys(command.about, state.round))
            return [gone] if state.open else []


def _due(command: Due, state: FollowUps) -> list[FollowUpEvent]:
    better = command.reason == "low_rating" != state.reason
    if state.open and not better:
        return []
    return [
        FollowUpDue(
            **_keys(command.about, state.round if state.open else state.round + 1),
            reason=command.reason,
            stars=command.stars,
            due_at=command.due_at,
            edition=command.edition,
        )
    ]


def _recorded(command: Record, state: FollowUps) -> FollowUpRecorded:
    by, about = command.by, command.about
    if by.roles(community_of(about.order), about.building).isdisjoint(DISPATCHERS):
        raise NotForYou("Only those who dispatch at the order's place follow work up.")
    if by.person in command.repairers:
        raise OwnWork(OwnWork.text)
    if not state.open:
        raise NoFollowUpDue("No follow-up of this order is due.")
    outcome = one_of(command.outcome, OUTCOMES, "outcome")
    reached = outcome == "reached"
    if reached and command.satisfied is None:
        raise invalid("satisfied", "Say whether they are satisfied.")
    if not reached and command.satisfied is not None:
        raise invalid("satisfied", "Leave this out: nobody was reached.")
    if command.satisfied is False:
        text(command.notes or "", "notes")
    if command.reopen and command.satisfied is not False:
        raise invalid("reopen", "Only what somebody is not satisfied with is opened again.")
    attempt = state.attempts + 1
    return FollowUpRecorded(
        **_keys(about, state.round),
        outcome=outcome,
        satisfied=command.satisfied,
        notes=command.notes,
        attempt=attempt,
        closed=reached or attempt >= MOST_ATTEMPTS,
        reopened=command.reopen,
    )


def _keys(about: About, number: int) -> dict[str, Any]:
    return {**{name: getattr(about, name) for name in About.__struct_fields__}, "round": number}


def evolve(state: FollowUps, event: Any, _meta: Meta) -> FollowUps:
    match event:
        case FollowUpDue():
            same = state.open and event.round == state.round
            attempts = state.attempts if same else 0
            return FollowUps(open=True, round=event.round, reason=event.reason, attempts=attempts)
        case FollowUpRecorded():
            return replace(state, open=not event.closed, attempts=event.attempt)
        case FollowUpDropped():
            return replace(state, open=False)
    return state


FOLLOW_UPS = Decider("follow_ups", FollowUps, decide, evolve)
