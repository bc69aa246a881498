"""Reading incidents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.workorders.incidents.views.incidents.projection import INCIDENTS, Row
from shared.following.reader import Reader


def open_at(reader: Reader, community: str) -> list[Row]:
    """The open incidents of a community, the oldest first."""
    found: list[Row] = reader.rows(
        INCIDENTS,
        where="community = :community AND closed_at IS NULL",
        params={"community": community},
        order="opened_at, key",
    )
    return found


def latest(reader: Reader, community: str, limit: int) -> list[Row]:
    """The incidents of a community, the newest first."""
    found: list[Row] = reader.rows(
        INCIDENTS,
        where="community = :community",
        params={"community": community},
        order="opened_at DESC, key",
        limit=limit,
    )
    return found


def in_one(outages: Iterable[Row], order: Any) -> bool:
    """Whether one of them covers an order, by its ``kind``, ``category`` and ``building``."""
    return any(one.covers(order.kind, order.category, order.building) for one in outages)
