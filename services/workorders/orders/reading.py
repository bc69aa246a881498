"""Queries about orders: one order, its history, lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from services.workorders.bookings.application import Bookings
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain import following_up
from services.workorders.orders.domain.events import WorkOrderImported, WorkOrderSubmitted
from services.workorders.orders.domain.permission import allowed
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.state import Order
from services.workorders.orders.views.open_quotes.projection import OPEN_QUOTES
from services.workorders.orders.views.open_quotes.queries import waiting_for
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.orders.views.order_board.queries import by_number, listed
from services.workorders.orders.visibility import SEES_ALL, may_see
from services.workorders.orders.visiting import free_windows
from shared.errors import NotFound
from shared.eventlog.executor import EventLog
from shared.eventlog.records import Recorded
from shared.following.reader import Reader
from shared.identity.caller import Caller
from shared.request import Request

Data = dict[str, Any]


class OrderQueries:
    def __init__(self, log: EventLog, reader: Reader, bookings: Bookings) -> None:
        self._log = log
        self._bookings = bookings
        self._reader = reader

    def get(self, request: Request, data: Data) -> Data:
        """One order: its state, description, what the caller may do next (``allowed``), its
        version.
        """
        order_id = self._id(request, data)
        state, version = self._visible(request, order_id)
        then = data["version"] is not None or data["at"] is not None
        if then:
            found = _as_of(
                self._log, order_id, version=data["version"], at=data["at"], by=data["by"]
            )
            state, version = found["state"], found["version"]
        first = self._log.history(order_id, upto=1)[0].data
        origin = first.origin if isinstance(first, WorkOrderSubmitted) else None
        now = self._log.clock.now()
        found = _described(state, data["at"] or now)
        if found["visit"] is not None:
            free = None if then else free_windows(self._bookings, state)
            found["visit"]["windows"] = _numbered(found["visit"]["windows"], free)
        return {
            **found,
            "id": order_id,
            "version": version,
            "description": first.description,
            "channel": first.channel,
            "taken_by": first.taken_by if isinstance(first, WorkOrderSubmitted) else None,
            "photos": list(first.photos) if isinstance(first, WorkOrderSubmitted) else [],
            "imported": isinstance(first, WorkOrderImported),
            "origin": msgspec.to_builtins(origin),
            "allowed": [] if then else self._allowed(state, request.caller, now),
            "log": self._log.name,
            "behind": False,
        }

    def _allowed(self, state: Order, caller: Caller, now: datetime) -> list[str]:
        again = following_up.possible(state, caller, now)
        return allowed(state, caller, now) + ([following_up.COMMAND] if again else [])

    def history(self, request: Request, data: Data) -> Data:
        """Every event of one order, oldest first: ``{"id", "number", "events": [...]}``."""
        order_id = self._id(request, data)
        state, _ = self._visible(request, order_id)
        if data["version"] is not None or data["at"] is not None:
            found = _as_of(
                self._log, order_id, version=data["version"], at=data["at"], by=data["by"]
            )
            events = found["events"]
        else:
            events = self._log.history(order_id)
        return {
            "id": order_id,
            "number": state.number,
            "events": [_told(event) for event in events],
            "behind": False,
        }

    def list(self, request: Request, data: Data) -> Data:
        """A page of orders, newest first: ``{"orders": [...], "next": cursor or null,
        "behind"}``."""
        behind = self._reader.wait(ORDER_BOARD, request.at_least, request.patience)
        page = listed(self._reader, request.caller, data)
        orders = []
        for row in page.rows:
            one = msgspec.to_builtins(row)
            one["id"] = one.pop("key")
            orders.append(one)
        return {"orders": orders, "next": page.next, "behind": behind}

    def quotes(self, request: Request, data: Data) -> Data:
        """The quotes that wait for the caller's yes or no."""
        behind = self._reader.wait(OPEN_QUOTES, request.at_least, request.patience)
        found = waiting_for(self._reader, request.caller, self._log.clock.now())
        quotes = []
        for row in found:
            one = msgspec.to_builtins(row)
            del one["community"], one["accepter"], one["open"], one["merged"]
            quotes.append({"id": one.pop("key"), **one})
        return {"quotes": quotes, "behind": behind}

    def find(self, request: Request, data: Data) -> tuple[str, bool]:
        """The id of an order the caller may see, and whether they see it as staff do."""
        order_id = self._id(request, data)
        state, _ = self._visible(request, order_id)
        roles = request.caller.roles(state.community, state.building)
        return order_id, not roles.isdisjoint(SEES_ALL) or request.caller.person == state.technician

    def _id(self, request: Request, data: Data) -> str:
        if data["id"] is not None:
            return str(data["id"])
        self._reader.wait(ORDER_BOARD, request.at_least, request.patience)
        row = by_number(self._reader, data["community"], data["number"])
        if row is None:
            raise NoSuchOrder(NoSuchOrder.text)
        return str(row.key)

    def _visible(self, request: Request, order_id: str) -> tuple[Order, int]:
        state, version = self._log.load(ORDER, order_id)
        if not version or not may_see(request.caller, state):
            raise NoSuchOrder(NoSuchOrder.text)
        return state, version


def _numbered(windows: list[Data], free: list[int] | None) -> list[Data]:
    """Those that are free, each with its number in the offer; all, where that is not asked."""
    return [
        {**one, "number": at}
        for at, one in enumerate(windows, start=1)
        if free is None or at in free
    ]


def _told(event: Recorded) -> Data:
    return {
        "id": event.id,
        "type": event.name,
        "version": event.version,
        "time": event.meta.time.isoformat(),
        "occurred_at": event.meta.occurred_at.isoformat(),
        "actor": event.meta.actor,
        "command_id": event.meta.command_id,
        "correlation_id": event.meta.correlation_id,
        "causation_id": event.meta.causation_id,
        "data": msgspec.to_builtins(event.data),
    }


def _as_of(
    log: EventLog, order_id: str, *, version: int | None, at: datetime | None, by: str
) -> Data:
    """State, version and events of an order as it was: at a version, or at a time.

    ``by`` "recorded": what was known then. "occurred": what is known now to have happened by then.
    """
    events = log.history(order_id, upto=version)
    if at is not None:
        if by == "recorded":
            events = [event for event in events if event.meta.time <= at]
        else:
            events = [event for event in events if event.meta.occurred_at <= at]
    if not events:
        raise NotFound("the order did not exist yet at that time")
    return {"state": ORDER.fold(Order(), events), "events": events, "version": events[-1].version}


def _described(state: Order, at: datetime) -> Data:
    """The fields of an order's state for an answer, as it stands at a moment."""
    found: Data = msgspec.to_builtins(state)
    found.pop("paused_from")
    merged = found.pop("merged")
    found["merged_into"] = merged and merged["into"]
    if state.quote is not None:
        found["quote"]["state"] = state.quote.standing(at)
    for name in ("quote", "agreed"):
        quote = getattr(state, name)
        if quote is not None:
            found[name]["answerer"] = quote.answered_by
            del found[name]["put_at"]
    taken = state.taken
    if taken is not None:
        del found["taken"]["agreed_before"]
        found["taken"]["open"] = at < taken.until
    return found
