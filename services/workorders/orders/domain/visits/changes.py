"""What the events of visits change of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from services.workorders.orders.domain.order_event import OrderEvent
from services.workorders.orders.domain.visits import events as e
from services.workorders.orders.domain.visits.values import Visit, VisitState, Window
from shared.eventlog.records import Meta

if TYPE_CHECKING:
    from services.workorders.orders.domain.state import Order


def _with(state: Order, visit: Visit | None) -> dict[str, Any]:
    return {"state": state.state, "activity": state.activity, "visit": visit}


def _offered(state: Order, event: e.WorkOrderVisitsOffered, _: Meta) -> dict[str, Any]:
    return _with(state, Visit(offer=event.offer, state="offered", windows=event.windows))


def _agreed(
    state: Order, event: e.WorkOrderVisitChosen | e.WorkOrderVisitMoved, _: Meta
) -> dict[str, Any]:
    window = Window(starts=event.starts, ends=event.ends)
    offer = 0 if state.visit is None else state.visit.offer
    return _with(state, Visit(offer=offer, state="agreed", window=window))


def _missed(state: Order, _: OrderEvent, __: Meta) -> dict[str, Any]:
    return _with(state, ended(state, "missed"))


def _cancelled(state: Order, _: OrderEvent, __: Meta) -> dict[str, Any]:
    return _with(state, ended(state, "cancelled"))


def _reminded(state: Order, _: OrderEvent, __: Meta) -> dict[str, Any]:
    visit = state.visit
    return _with(state, None if visit is None else replace(visit, reminded=True))


def ended(state: Order, to: VisitState) -> Visit | None:
    """The visit after somebody came, or after it is clear that nobody will."""
    visit = state.visit
    if visit is None or visit.state not in ("offered", "agreed"):
        return visit
    return replace(visit, state=to, windows=())


CHANGES: dict[type[OrderEvent], Callable[[Order, Any, Meta], dict[str, Any]]] = {
    e.WorkOrderVisitsOffered: _offered,
    e.WorkOrderVisitChosen: _agreed,
    e.WorkOrderVisitMoved: _agreed,
    e.WorkOrderVisitMissed: _missed,
    e.WorkOrderVisitCancelled: _cancelled,
    e.WorkOrderVisitReminded: _reminded,
}
