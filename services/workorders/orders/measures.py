"""Gauges of the business for Prometheus: what is open, and how content people are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS
from shared.following.reader import Reader
from shared.observability.metrics import Measure

RECENT = timedelta(days=30)
_OPEN = "state IN ('submitted', 'dispatched', 'repaired')"


def measures(reader: Reader, now: datetime) -> Iterator[Measure]:
    """Of all communities together: a label a community would have no bound."""
    labels = ("kind", "category", "state")
    found = reader.grouped(ORDER_BOARD, labels, "version", where=_OPEN)
    yield Measure(
        "wuye_orders_open",
        "Orders that nobody has accepted yet.",
        labels,
        {group: count for group, (count, _) in found.items()},
    )
    labels = ("kind", "category")
    found = reader.grouped(
        ORDER_CLOCKS, labels, "1", where="open = :open AND fired <> '[]'", params={"open": True}
    )
    yield Measure(
        "wuye_orders_escalated",
        "Open orders that were escalated, since a promise was broken or near.",
        labels,
        {group: count for group, (count, _) in found.items()},
    )
    found = reader.grouped(
        ORDER_BOARD,
        labels,
        "stars",
        where="state = 'rated' AND NOT imported AND changed_at >= :since",
        params={"since": now - RECENT},
    )
    yield Measure(
        "wuye_orders_rated_recently",
        "Orders rated in the last 30 days.",
        labels,
        {group: count for group, (count, _) in found.items()},
    )
    yield Measure(
        "wuye_orders_rated_recently_stars",
        "Their stars, 1 to 5 each, added up.",
        labels,
        {group: total for group, (_, total) in found.items()},
    )
