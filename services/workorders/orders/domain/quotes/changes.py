"""What the events of quotes change of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from services.workorders.orders.domain.order_event import OrderEvent
from services.workorders.orders.domain.quotes import events as q
from services.workorders.orders.domain.quotes.values import Quote, QuoteState, TakenAnswer
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
            answerer=event.answerer,
            put_at=meta.time,
        ),
    }


def _answered(to: QuoteState) -> Callable[[Order, Any, Meta], dict[str, Any]]:
    def change(state: Order, event: OrderEvent, _: Meta) -> dict[str, Any]:
        quote = None if state.quote is None else replace(state.quote, state=to)
        agreed = {"agreed": quote} if to == "accepted" else {}
        taken = {"taken": _taken(state, event)} if isinstance(event, q.QuoteAnswered) else {}
        return {**_as_before(state), "quote": quote, **agreed, **taken}

    return change


def _taken(state: Order, event: q.QuoteAnswered) -> TakenAnswer | None:
    if event.said_by is None or event.objection_until is None:
        # to what was said of an earlier one they may still object
        return state.taken if isinstance(event, q.WorkOrderQuoteDeclined) else None
    return TakenAnswer(
        quote=event.quote,
        answer="accepted" if isinstance(event, q.WorkOrderQuoteAccepted) else "declined",
        said_by=event.said_by,
        until=event.objection_until,
        agreed_before=state.agreed,
    )


def _confirmed(state: Order, _: OrderEvent, __: Meta) -> dict[str, Any]:
    return {**_as_before(state), "taken": None}


def _objected(state: Order, event: q.WorkOrderQuoteAnswerObjected, _: Meta) -> dict[str, Any]:
    """A later quote stays as it is, and so does one that was accepted since."""
    quote, agreed = state.quote, state.agreed
    if quote is not None and quote.number == event.quote:
        quote = replace(quote, state="open")
    if agreed is not None and agreed.number == event.quote and state.taken is not None:
        agreed = state.taken.agreed_before
    return {**_as_before(state), "quote": quote, "agreed": agreed, "taken": None}


def _as_before(state: Order) -> dict[str, Any]:
    return {"state": state.state, "activity": state.activity}


def voided(state: Order) -> dict[str, Any]:
    """Of an order that nobody is to do: what it would have cost is not on offer any more."""
    if state.quote is None or state.quote.state != "open":
        return {}
    return {"quote": replace(state.quote, state="withdrawn")}


CHANGES: dict[type[OrderEvent], Callable[[Order, Any, Meta], dict[str, Any]]] = {
    q.WorkOrderQuoted: _quoted,
    q.WorkOrderQuoteAccepted: _answered("accepted"),
    q.WorkOrderQuoteDeclined: _answered("declined"),
    q.WorkOrderQuoteAnswerConfirmed: _confirmed,
    q.WorkOrderQuoteAnswerObjected: _objected,
    q.WorkOrderQuoteWithdrawn: _answered("withdrawn"),
    q.WorkOrderQuoteLapsed: _answered("lapsed"),
}
