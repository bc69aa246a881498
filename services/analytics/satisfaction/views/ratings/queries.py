"""Reading what residents accepted and rated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.analytics.paging import equal, rows
from services.analytics.satisfaction.views.ratings.projection import RATINGS, Row
from services.analytics.selection import Selection
from shared.following.reader import Reader


def accepted_orders(
    reader: Reader,
    reach: tuple[str, Mapping[str, Any]],
    selection: Selection,
    asked: Mapping[str, Any],
) -> Iterator[Row]:
    """The orders in ``reach`` and as ``asked`` that may have something in the period."""
    narrower, params = equal(asked, "community", "building", "category", "kind", "channel")
    where = f"{reach[0]} AND last_at IS NOT NULL{narrower}"
    if selection.since is not None:
        where += " AND last_at >= :since"
        params["since"] = selection.since
    if selection.until is not None:
        where += " AND first_at < :until"
        params["until"] = selection.until
    return rows(reader, RATINGS, where, {**reach[1], **params})
