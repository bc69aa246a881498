"""The orders service: ``nameko run benchmarks.usual.orders``."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from nameko.events import EventDispatcher
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc

from benchmarks.usual.aggregate import Order, Orders
from services.workorders.orders import schemas as s
from shared.schemas import Schema, load

Data = dict[str, Any]
_KEYS = ("community", "kind", "category", "building", "unit", "reporter", "accepter", "channel")

if os.environ.get("USUAL_TUNED"):
    from benchmarks.usual import tuned

    tuned.apply()


class EventSourced(DependencyProvider):
    def setup(self) -> None:
        self.application = Orders()

    def stop(self) -> None:
        self.application.close()

    def get_dependency(self, worker_ctx: Any) -> Orders:
        return self.application


class OrdersService:
    name = "orders"
    orders = EventSourced()
    tell = EventDispatcher()

    @rpc
    def submit(self, payload: Data) -> Data:
        data = load(s.Submit, payload)
        order = self.orders.submit(
            community=data["community"],
            kind=data["kind"],
            category=data["category"],
            building=data["building"],
            unit=data["unit"],
            reporter=data["reporter"] or "resident",
            accepter=data["accepter"] or "resident",
            channel=data["channel"],
            description=data["description"],
            photos=data["photos"],
        )
        return self._done(order, data)

    @rpc
    def dispatch(self, payload: Data) -> Data:
        return self._do(s.Dispatch, payload, "dispatch", "technician")

    @rpc
    def repair(self, payload: Data) -> Data:
        fields = ("notes", "minutes", "materials", "charge_fen", "photos")
        return self._do(s.Repair, payload, "repair", *fields)

    @rpc
    def accept(self, payload: Data) -> Data:
        return self._do(s.OnOrder, payload, "accept")

    @rpc
    def rate(self, payload: Data) -> Data:
        return self._do(s.Rate, payload, "rate", "stars", "speed", "attitude", "comment")

    def _do(self, schema: type[Schema], payload: Data, command: str, *fields: str) -> Data:
        data = load(schema, payload)
        order_id = UUID(data["id"].rpartition(".")[2])
        order = self.orders.do(order_id, command, **{name: data[name] for name in fields})
        return self._done(order, data)

    def _done(self, order: Order, data: Data) -> Data:
        found = {
            "id": f"{order.community}.{order.id}",
            "state": order.state,
            "version": order.version,
        }
        self.tell(
            "order_changed",
            {
                **found,
                **{name: getattr(order, name) for name in _KEYS},
                "technician": order.technician,
                "stars": data.get("stars"),
                "time": datetime.now(UTC).isoformat(),
            },
        )
        return found
