"""What the events of quotes change of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from services.workorders.orders.domain.order_event import OrderEvent
from services.workorders.orders.domain.quotes import events as q
from services.workorders.orders.domain.quotes.values import Quote, QuoteState
from shared.eventlog.records import Meta

if TYPE_CHECKING:
    from services.workorders.orders.domain.state import Order


def _quoted(state: Order, event: q.WorkOrderQuoted, meta: Meta) -> dict[str, Any]:
    """Whoever is at work stops until the answer is there, and then starts anew."""
    paused = state.activity == "paused"
    return {
        "state": state.state,
        "activity": "paused" if paused else "waiting",
        "paused_from": "waiting",
        "quote": Quote(
            number=event.quote,
            payer=event.payer,
            total_fen=event.total_fen,
            valid_until=event.valid_until,
            by=meta.actor,
        ),
    }


def _answered(to: QuoteState) -> Callable[[Order, Any, Meta], dict[str, Any]]:
    def change(state: Order, _: OrderEvent, __: Meta) -> dict[str, Any]:
        quote = None if state.quote is None else replace(state.quote, state=to)
        agreed = {"agreed": quote} if to == "accepted" else {}
        return {"state": state.state, "activity": state.activity, "quote": quote, **agreed}

    return change


def voided(state: Order) -> dict[str, Any]:
    """Of an order that nobody is to do: what it would have cost is not on offer any more."""
    if state.quote is None or state.quote.state != "open":
        return {}
    return {"quote": replace(state.quote, state="withdrawn")}


CHANGES: dict[type[OrderEvent], Callable[[Order, Any, Meta], dict[str, Any]]] = {
    q.WorkOrderQuoted: _quoted,
    q.WorkOrderQuoteAccepted: _answered("accepted"),
    q.WorkOrderQuoteDeclined: _answered("declined"),
    q.WorkOrderQuoteWithdrawn: _answered("withdrawn"),
    q.WorkOrderQuoteLapsed: _answered("lapsed"),
}
