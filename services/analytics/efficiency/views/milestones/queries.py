"""Reading the milestones of orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.analytics.efficiency.views.milestones.projection import MILESTONES, Row
from services.analytics.paging import equal, rows
from services.analytics.selection import Selection
from shared.following.reader import Reader


def orders(
    reader: Reader,
    reach: tuple[str, Mapping[str, Any]],
    selection: Selection,
    asked: Mapping[str, Any],
    at: datetime,
) -> Iterator[Row]:
    """The orders in ``reach`` and as ``asked``: of the period, or open at ``at``."""
    narrower, params = equal(
        asked, "community", "building", "category", "kind", "channel", "technician"
    )
    where = f"{reach[0]}{narrower}"
    if not asked["include_imported"]:
        where += " AND imported = :imported"
        params["imported"] = False
    period = ["1 = 1"]
    if selection.since is not None:
        period.append("submitted_at >= :since")
        params["since"] = selection.since
    if selection.until is not None:
        period.append("submitted_at < :until")
        params["until"] = selection.until
    still_open = "submitted_at <= :at AND (closed_at IS NULL OR closed_at > :at)"
    where += f" AND (({' AND '.join(period)}) OR ({still_open}))"
    return rows(reader, MILESTONES, where, {**reach[1], **params, "at": at})
