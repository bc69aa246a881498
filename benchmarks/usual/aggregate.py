"""An order as an eventsourcing aggregate, and the application that keeps it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class Order(Aggregate):
    @event("Submitted")
    def __init__(
        self,
        community: str,
        kind: str,
        category: str,
        building: str | None,
        unit: str | None,
        reporter: str,
        accepter: str,
        channel: str,
        description: str,
        photos: list[str],
    ) -> None:
        self.community = community
        self.kind = kind
        self.category = category
        self.building = building
        self.unit = unit
        self.reporter = reporter
        self.accepter = accepter
        self.channel = channel
        self.description = description
        self.photos = photos
        self.state = "submitted"
        self.technician: str | None = None
        self.charge_fen = 0

    @event("Dispatched")
    def dispatch(self, technician: str) -> None:
        self._must_be("submitted")
        self.technician = technician
        self.state = "dispatched"

    @event("Repaired")
    def repair(
        self,
        notes: str,
        minutes: int,
        materials: list[dict[str, Any]],
        charge_fen: int,
        photos: list[str],
    ) -> None:
        self._must_be("dispatched")
        self.charge_fen = charge_fen
        self.state = "repaired"

    @event("Accepted")
    def accept(self) -> None:
        self._must_be("repaired")
        self.state = "accepted"

    @event("Rated")
    def rate(
        self, stars: int, speed: int | None, attitude: int | None, comment: str | None
    ) -> None:
        self._must_be("accepted")
        self.state = "rated"

    def _must_be(self, state: str) -> None:
        if self.state != state:
            raise ValueError(f"the order is {self.state}, not {state}")


class Orders(Application[UUID]):
    def submit(self, **values: Any) -> Order:
        order = Order(**values)
        self.save(order)
        return order

    def do(self, order_id: UUID, command: str, **values: Any) -> Order:
        order: Order = self.repository.get(order_id)
        getattr(order, command)(**values)
        self.save(order)
        return order
