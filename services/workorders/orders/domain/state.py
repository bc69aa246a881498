"""What an order is now: as little as ``decide`` needs, and no personal text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.orders.domain import events as e
from services.workorders.orders.domain.lifecycle import MOVES
from services.workorders.orders.domain.quotes import changes as quotes
from services.workorders.orders.domain.quotes.values import Payer, Quote
from services.workorders.orders.domain.vocabulary import (
    AccepterKind,
    Activity,
    Channel,
    Kind,
    Priority,
    State,
)
from shared.eventlog.records import Meta, community_of


class Order(Struct, frozen=True, kw_only=True):
    """An order; with ``state`` None it does not exist yet.

    ``repairers``: everybody who ever repaired it, sorted. ``charge_fen``: the charges since the
    last acceptance. ``submitted_at`` is the claimed time, ``accepted_at`` the recorded one.
    ``checked``: staff accepted. ``check_due``: the accepter does not answer, so staff are to check.
    ``rating_answered``: the last rating was. ``photographed``: it was reported with photos.
    ``quote``: the last one put. ``agreed``: the one that may be charged by until the next
    acceptance.
    """

    id: str = ""
    number: str = ""
    kind: Kind = "repair"
    category: str = ""
    building: str | None = None
    unit: str | None = None
    reporter: str | None = None
    accepter: str | None = None
    accepter_kind: AccepterKind | None = None
    state: State | None = None
    activity: Activity = "waiting"
    paused_from: Activity = "waiting"
    technician: str | None = None
    repairers: tuple[str, ...] = ()
    charge_fen: int = 0
    channel: Channel | None = None
    photographed: bool = False
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    checked: bool = False
    reminded: bool = False
    check_due: bool = False
    rating_answered: bool = False
    priority: Priority = "normal"
    quote: Quote | None = None
    agreed: Quote | None = None

    @property
    def payer(self) -> Payer:
        return "owner" if self.agreed is None else self.agreed.payer

    @property
    def community(self) -> str:
        return community_of(self.id)


def evolve(state: Order, event: e.OrderEvent, meta: Meta) -> Order:
    """The order after ``event``."""
    to_state, to_activity = MOVES[type(event)]
    changes = _CHANGES[type(event)](state, event, meta) if type(event) in _CHANGES else {}
    return replace(state, **{"state": to_state, "activity": to_activity, **changes})


def _keys(event: e.OrderEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in e.OrderEvent.__struct_fields__}


def _submitted(_: Order, event: e.WorkOrderSubmitted, meta: Meta) -> dict[str, Any]:
    return {
        **_keys(event),
        "id": event.id,
        "accepter_kind": event.accepter_kind,
        "channel": event.channel,
        "photographed": bool(event.photos),
        "submitted_at": meta.occurred_at,
        "priority": event.priority,
    }


def _imported(_: Order, event: e.WorkOrderImported, __: Meta) -> dict[str, Any]:
    return {
        **_keys(event),
        "id": event.id,
        "state": event.state,
        "channel": event.channel,
        "submitted_at": event.submitted_at,
    }


def _prioritised(state: Order, event: e.WorkOrderPrioritised, _: Meta) -> dict[str, Any]:
    return {"state": state.state, "activity": state.activity, "priority": event.priority}


def _assigned(_: Order, event: e.OrderEvent, __: Meta) -> dict[str, Any]:
    return {"technician": event.technician}


def _unassigned(_: Order, __: e.OrderEvent, ___: Meta) -> dict[str, Any]:
    return {"technician": None}


def _closed(state: Order, _: e.OrderEvent, __: Meta) -> dict[str, Any]:
    return {"technician": None, **quotes.voided(state)}


def _paused(state: Order, _: e.WorkOrderPaused, __: Meta) -> dict[str, Any]:
    return {"paused_from": state.activity}


def _resumed(_: Order, event: e.WorkOrderResumed, __: Meta) -> dict[str, Any]:
    return {"activity": event.activity}


def _repaired(state: Order, event: e.WorkOrderRepaired, _: Meta) -> dict[str, Any]:
    return {
        "repairers": tuple(sorted({*state.repairers, str(event.technician)})),
        "charge_fen": state.charge_fen + event.charge_fen,
        "reminded": False,
        "check_due": False,
    }


def _accepted(_: Order, event: e.WorkOrderAccepted, meta: Meta) -> dict[str, Any]:
    done = {"charge_fen": 0, "agreed": None, "check_due": False}
    return {**done, "checked": event.checked, "accepted_at": meta.time}


def _rated(_: Order, __: e.WorkOrderRated, ___: Meta) -> dict[str, Any]:
    return {"rating_answered": False}


def _rating_answered(_: Order, __: e.OrderEvent, ___: Meta) -> dict[str, Any]:
    return {"rating_answered": True}


def _reminded(_: Order, __: e.WorkOrderReminded, ___: Meta) -> dict[str, Any]:
    return {"reminded": True}


def _check_requested(_: Order, __: e.OrderEvent, ___: Meta) -> dict[str, Any]:
    return {"check_due": True}


def _rejected(_: Order, __: e.WorkOrderRejected, ___: Meta) -> dict[str, Any]:
    return {"check_due": False}


_CHANGES: dict[type[e.OrderEvent], Callable[[Order, Any, Meta], dict[str, Any]]] = {
    e.WorkOrderSubmitted: _submitted,
    e.WorkOrderImported: _imported,
    e.WorkOrderPrioritised: _prioritised,
    e.WorkOrderDispatched: _assigned,
    e.WorkOrderTransferred: _assigned,
    e.WorkOrderHandedBack: _unassigned,
    e.WorkOrderDeclined: _closed,
    e.WorkOrderCancelled: _closed,
    e.WorkOrderPaused: _paused,
    e.WorkOrderResumed: _resumed,
    e.WorkOrderRepaired: _repaired,
    e.WorkOrderAccepted: _accepted,
    e.WorkOrderRejected: _rejected,
    e.WorkOrderRated: _rated,
    e.WorkOrderRatingAnswered: _rating_answered,
    e.WorkOrderReminded: _reminded,
    e.WorkOrderCheckRequested: _check_requested,
    **quotes.CHANGES,
}
