"""Reading incidents."""

from __future__ import annotations

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
