"""Gauges of the business for Prometheus: what is open, what is late, and how content people are."""

from __future__ import annotations

from collections import Counter
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
    labels: tuple[str, ...] = ("kind", "category", "state")
    yield Measure(
        "wuye_orders_open",
        "Orders that nobody has accepted yet.",
        labels,
        reader.counts(ORDER_BOARD, by=labels, where=_OPEN),
    )
    labels = ("kind", "category")
    escalated = "open = :open AND fired <> '[]'"
    yield Measure(
        "wuye_orders_escalated",
        "Open orders that were escalated, since a promise was broken or near.",
        labels,
        reader.counts(ORDER_CLOCKS, by=labels, where=escalated, params={"open": True}),
    )
    yield Measure(
        "wuye_orders_breached",
        "Open orders of which a promise was broken.",
        labels,
        reader.counts(
            ORDER_CLOCKS, by=labels, where="open = :yes AND breached = :yes", params={"yes": True}
        ),
    )
    recently = reader.counts(
        ORDER_BOARD,
        by=(*labels, "stars"),
        where="state = 'rated' AND NOT imported AND changed_at >= :since",
        params={"since": now - RECENT},
    )
    rated: Counter[tuple[str, ...]] = Counter()
    given: Counter[tuple[str, ...]] = Counter()
    for (kind, category, stars), count in recently.items():
        rated[kind, category] += count
        given[kind, category] += count * stars
    yield Measure("wuye_orders_rated_recently", "Orders rated in the last 30 days.", labels, rated)
    yield Measure(
        "wuye_orders_rated_recently_stars", "Their stars, 1 to 5 each, added up.", labels, given
    )
