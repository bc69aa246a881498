"""Visits as people agree them, each held against the time of its technician."""

from __future__ import annotations

from typing import Any

from services.workorders.bookings.application import Bookings
from services.workorders.orders.application import ORDER, Orders
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.visits.commands import (
    ChooseVisit,
    MoveVisit,
    OfferVisits,
)
from services.workorders.orders.domain.visits.values import Obstacle, Window
from shared.eventlog.executor import EventLog
from shared.request import Request

Data = dict[str, Any]


class Visiting:
    def __init__(self, log: EventLog, orders: Orders, bookings: Bookings) -> None:
        self._log = log
        self._orders = orders
        self._bookings = bookings

    def offer_visits(self, request: Request, data: Data) -> Data:
        """An offer takes nobody's time: what was taken until somebody chooses is not free then."""
        windows = tuple(Window(**each) for each in data["windows"])
        order: Order = self._log.load(ORDER, data["id"])[0]
        obstacles = self._bookings.obstacles(order, windows) if order.state is not None else ()
        return self._orders.in_zone(
            request, {**data, "windows": windows, "obstacles": obstacles}, OfferVisits
        )

    def choose_visit(self, request: Request, data: Data) -> Data:
        """One of the windows on offer, unless it was taken meanwhile."""

        def wanted(order: Order) -> tuple[str | None, Window | None]:
            return order.technician, _chosen(order, data["offer"], data["window"])

        def make(order: Order, obstacle: Obstacle | None) -> c.Command:
            free = free_windows(self._bookings, order) if obstacle is not None else ()
            return ChooseVisit(
                by=request.caller,
                offer=data["offer"],
                window=data["window"],
                zone=self._orders.zone(order),
                obstacle=obstacle,
                free=tuple(free),
                channel=data["channel"],
            )

        return self._orders.booked(request, data["id"], wanted, make)

    def move_visit(self, request: Request, data: Data) -> Data:
        window = Window(starts=data["starts"], ends=data["ends"])

        def make(order: Order, obstacle: Obstacle | None) -> c.Command:
            return MoveVisit(
                by=request.caller,
                starts=window.starts,
                ends=window.ends,
                zone=self._orders.zone(order),
                reason=data["reason"],
                requested=data["requested"],
                obstacle=obstacle,
            )

        return self._orders.booked(
            request, data["id"], lambda order: (order.technician, window), make
        )

    def unmerge(self, request: Request, data: Data) -> Data:
        """The order's visit comes back with it, where its technician can still come then."""

        def wanted(order: Order) -> tuple[str | None, Window | None]:
            return order.merged and order.merged.technician, order.visit_agreed

        def make(_: Order, obstacle: Obstacle | None) -> c.Command:
            return c.Unmerge(by=request.caller, visit_lost=obstacle is not None)

        return self._orders.booked(request, data["id"], wanted, make)


def free_windows(bookings: Bookings, order: Order) -> list[int]:
    """The numbers of the windows on offer in which the technician can still come, and the order is
    not put off any more.
    """
    windows = order.visit.windows if order.visit is not None else ()
    obstacles = bookings.obstacles(order, windows)
    return [
        at
        for at, (window, obstacle) in enumerate(zip(windows, obstacles, strict=True), start=1)
        if obstacle is None and not order.put_off_beyond(window)
    ]


def _chosen(order: Order, offer: int, window: int) -> Window | None:
    visit = order.visit
    if visit is None or visit.offer != offer or not 1 <= window <= len(visit.windows):
        return None
    return visit.windows[window - 1]
