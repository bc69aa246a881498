"""Reading what rounds decided."""

from __future__ import annotations

from services.workorders.dispatching.views.decisions.projection import DECISIONS, Row
from shared.following.reader import Reader


def latest(reader: Reader, community: str, limit: int) -> list[Row]:
    """The newest first."""
    found: list[Row] = reader.rows(
        DECISIONS,
        where="community = :community",
        params={"community": community},
        order="at DESC, key",
        limit=limit,
    )
    return found
