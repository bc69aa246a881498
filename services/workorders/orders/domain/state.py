"""What an order is now: as little as ``decide`` needs, and no personal text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.orders.domain import deferral
from services.workorders.orders.domain import events as e
from services.workorders.orders.domain.aftercare import STANDARD, Aftercare
from services.workorders.orders.domain.lifecycle import MOVES
from services.workorders.orders.domain.links import BeforeMerge
from services.workorders.orders.domain.quotes import changes as quotes
from services.workorders.orders.domain.quotes.values import Payer, Quote, TakenAnswer
from services.workorders.orders.domain.visits import changes as visits
from services.workorders.orders.domain.visits.values import Visit, Window
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
    acceptance. ``taken``: the resident's answer to a quote that staff took down last. ``merged``:
    where it was before, while it is merged into another. ``parent``: the order that it is a part
    of; ``sub_orders``: its own parts, ``open_sub_orders`` those of them that are not finished.
    ``aftercare``: as it was said when it was submitted.
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
    merged: BeforeMerge | None = None
    parent: str | None = None
    sub_orders: tuple[str, ...] = ()
    open_sub_orders: tuple[str, ...] = ()
    quote: Quote | None = None
    agreed: Quote | None = None
    taken: TakenAnswer | None = None
    visit: Visit | None = None
    deferred_until: datetime | None = None
    aftercare: Aftercare = STANDARD

    @property
    def payer(self) -> Payer:
        return "owner" if self.agreed is None else self.agreed.payer

    @property
    def visit_agreed(self) -> Window | None:
        """When somebody is to come."""
        agreed = self.visit is not None and self.visit.state == "agreed"
        return self.visit.window if self.visit is not None and agreed else None

    def put_off_beyond(self, window: Window) -> bool:
        """Whether it begins before the date to which the order is put off."""
        return self.deferred_until is not None and window.starts < self.deferred_until

    @property
    def community(self) -> str:
        return community_of(self.id)


def evolve(state: Order, event: e.OrderEvent, meta: Meta) -> Order:
    """The order after ``event``."""
    to_state, to_activity = MOVES[type(event)]
    changes = _CHANGES[type(event)](state, event, meta) if type(event) in _CHANGES else {}
    after = replace(state, **{"state": to_state, "activity": to_activity, **changes})
    # merged by mistake it is still put off once that is taken back
    goes_on = after.activity != "paused" and after.merged is None
    if after.deferred_until is not None and goes_on:
        return replace(after, deferred_until=None)
    return after


def _keys(event: e.OrderEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in e.OrderEvent.__struct_fields__}


def _submitted(_: Order, event: e.WorkOrderSubmitted, meta: Meta) -> dict[str, Any]:
    origin = event.origin
    part = origin is not None and origin.relation == "part_of"
    return {
        **_keys(event),
        "id": event.id,
        "parent": origin.id if origin is not None and part else None,
        "accepter_kind": event.accepter_kind,
        "channel": event.channel,
        "photographed": bool(event.photos),
        "submitted_at": meta.occurred_at,
        "priority": event.priority,
        "aftercare": event.aftercare,
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
    return {"technician": None, "visit": None, **quotes.voided(state)}


def _started(state: Order, _: e.OrderEvent, __: Meta) -> dict[str, Any]:
    return {"visit": visits.ended(state, "kept")}


def _paused(state: Order, _: e.WorkOrderPaused, __: Meta) -> dict[str, Any]:
    return {"paused_from": state.activity}


def _resumed(state: Order, event: e.WorkOrderResumed, _: Meta) -> dict[str, Any]:
    return {"state": state.state, "activity": event.activity}


def _repaired(state: Order, event: e.WorkOrderRepaired, _: Meta) -> dict[str, Any]:
    return {
        "repairers": tuple(sorted({*state.repairers, str(event.technician)})),
        "charge_fen": state.charge_fen + event.charge_fen,
        "visit": visits.ended(state, "kept"),
        "reminded": False,
    }


def _accepted(_: Order, event: e.WorkOrderAccepted, meta: Meta) -> dict[str, Any]:
    done = {"charge_fen": 0, "agreed": None, "taken": None, "check_due": False}
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


def _sub_order_added(state: Order, event: e.WorkOrderSubOrderAdded, _: Meta) -> dict[str, Any]:
    return {
        **_as_before(state),
        "sub_orders": (*state.sub_orders, event.sub_order),
        "open_sub_orders": (*state.open_sub_orders, event.sub_order),
    }


def _sub_order_finished(
    state: Order, event: e.WorkOrderSubOrderFinished, _: Meta
) -> dict[str, Any]:
    """Who repaired a part of it has repaired it, and judges none of it."""
    did = {event.sub_technician} if event.sub_technician is not None else set()
    return {
        **_as_before(state),
        "open_sub_orders": tuple(one for one in state.open_sub_orders if one != event.sub_order),
        "repairers": tuple(sorted({*state.repairers, *did})),
    }


def _as_before(state: Order) -> dict[str, Any]:
    return {"state": state.state, "activity": state.activity}


def _merged(state: Order, event: e.WorkOrderMerged, _: Meta) -> dict[str, Any]:
    assert state.state is not None, "there is an order"
    before = BeforeMerge(
        into=event.into,
        into_number=event.into_number,
        state=state.state,
        activity=state.activity,
        technician=state.technician,
    )
    return {"technician": None, "merged": before}


def _unmerged(state: Order, event: e.WorkOrderUnmerged, _: Meta) -> dict[str, Any]:
    return {
        "visit": None if event.visit_lost else state.visit,
        "state": event.state,
        "activity": event.activity,
        "technician": event.technician,
        "merged": None,
    }


def _appealed(_: Order, __: e.WorkOrderAppealed, ___: Meta) -> dict[str, Any]:
    return {"merged": None}


_CHANGES: dict[type[e.OrderEvent], Callable[[Order, Any, Meta], dict[str, Any]]] = {
    e.WorkOrderSubmitted: _submitted,
    e.WorkOrderImported: _imported,
    e.WorkOrderPrioritised: _prioritised,
    e.WorkOrderDispatched: _assigned,
    e.WorkOrderTransferred: _assigned,
    e.WorkOrderHandedBack: _unassigned,
    e.WorkOrderDeclined: _closed,
    e.WorkOrderCancelled: _closed,
    e.WorkOrderStarted: _started,
    e.WorkOrderPaused: _paused,
    e.WorkOrderResumed: _resumed,
    e.WorkOrderRepaired: _repaired,
    e.WorkOrderAccepted: _accepted,
    e.WorkOrderRejected: _rejected,
    e.WorkOrderRated: _rated,
    e.WorkOrderRatingAnswered: _rating_answered,
    e.WorkOrderReminded: _reminded,
    e.WorkOrderCheckRequested: _check_requested,
    e.WorkOrderSubOrderAdded: _sub_order_added,
    e.WorkOrderSubOrderFinished: _sub_order_finished,
    e.WorkOrderMerged: _merged,
    e.WorkOrderUnmerged: _unmerged,
    e.WorkOrderAppealed: _appealed,
    **quotes.CHANGES,
    **visits.CHANGES,
    deferral.WorkOrderDeferred: deferral.deferred,
}
