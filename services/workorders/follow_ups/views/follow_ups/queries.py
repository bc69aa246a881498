"""Reading follow-ups, where the caller looks after orders."""

from __future__ import annotations

from services.workorders.follow_ups.views.follow_ups.projection import FOLLOW_UPS, Row
from services.workorders.orders.views.order_board.queries import places
from services.workorders.orders.visibility import SEES_ALL
from shared.following.reader import Reader
from shared.identity.caller import Caller


def listed(
    reader: Reader, caller: Caller, *, community: str | None, open: bool, limit: int
) -> list[Row]:
    """The open ones, the first due first; or those that were made, the newest first."""
    reach, params = places(caller, SEES_ALL)
    where = [f"({' OR '.join(reach)})", "open = :open"]
    params["open"] = open
    if community is not None:
        where.append("community = :community")
        params["community"] = community
    order = "due_at, key" if open else "recorded_at DESC, key"
    found: list[Row] = reader.rows(
        FOLLOW_UPS, where=" AND ".join(where), params=params, order=order, limit=limit
    )
    return found
