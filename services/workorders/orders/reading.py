"""Queries about orders: one order, its history, lists."""

from __future__ import annotations

from typing import Any

import msgspec

from services.workorders.orders.application import ORDER, as_of, described
from services.workorders.orders.domain.events import WorkOrderImported, WorkOrderSubmitted
from services.workorders.orders.domain.permission import allowed
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.state import Order
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.orders.views.order_board.queries import by_number, listed
from services.workorders.orders.visibility import SEES_ALL, may_see
from shared.eventlog.executor import EventLog
from shared.eventlog.records import Recorded
from shared.following.reader import Reader
from shared.request import Request

Data = dict[str, Any]


class OrderQueries:
    def __init__(self, log: EventLog, reader: Reader) -> None:
        self._log = log
        self._reader = reader

    def get(self, request: Request, data: Data) -> Data:
        """One order: its state, description, what the caller may do next (``allowed``), its
        version.
        """
        order_id = self._id(request, data)
        state, version = self._visible(request, order_id)
        then = data["version"] is not None or data["at"] is not None
        if then:
            found = as_of(
                self._log, order_id, version=data["version"], at=data["at"], by=data["by"]
            )
            state, version = found["state"], found["version"]
        first = self._log.history(order_id, upto=1)[0].data
        origin = first.origin if isinstance(first, WorkOrderSubmitted) else None
        now = self._log.clock.now()
        return {
            **described(state, data["at"] or now),
            "id": order_id,
            "version": version,
            "description": first.description,
            "channel": first.channel,
            "taken_by": first.taken_by if isinstance(first, WorkOrderSubmitted) else None,
            "photos": list(first.photos) if isinstance(first, WorkOrderSubmitted) else [],
            "imported": isinstance(first, WorkOrderImported),
            "origin": msgspec.to_builtins(origin),
            "allowed": [] if then else allowed(state, request.caller, now),
            "log": self._log.name,
            "behind": False,
        }

    def history(self, request: Request, data: Data) -> Data:
        """Every event of one order, oldest first: ``{"id", "number", "events": [...]}``."""
        order_id = self._id(request, data)
        state, _ = self._visible(request, order_id)
        if data["version"] is not None or data["at"] is not None:
            found = as_of(
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
