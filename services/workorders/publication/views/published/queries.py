"""Reading what was published, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.workorders.orders.views.order_board.queries import cursor_at, cursor_opened
from services.workorders.publication.views.published.projection import PUBLISHED, Row
from shared.following.reader import Reader


def page(
    reader: Reader, asked: Mapping[str, Any], *, where: str = "hidden = :no"
) -> tuple[list[Row], str | None]:
    """Those of a community, and where the next page begins. Raises ``Invalid`` for a cursor that
    is none.
    """
    params: dict[str, Any] = {"community": asked["community"], "yes": True, "no": False}
    if asked["cursor"]:
        params["after_time"], params["after_key"] = cursor_opened(asked["cursor"])
        where += (
            " AND (accepted_at < :after_time OR (accepted_at = :after_time AND key > :after_key))"
        )
    rows = reader.rows(
        PUBLISHED,
        where=f"community = :community AND {where}",
        params=params,
        order="accepted_at DESC, key",
        limit=asked["limit"] + 1,
    )
    found = rows[: asked["limit"]]
    more = len(rows) > len(found)
    return found, cursor_at(found[-1].accepted_at, found[-1].key) if more else None


def by_number(reader: Reader, community: str, number: str) -> Row | None:
    found = reader.rows(
        PUBLISHED,
        where="community = :community AND number = :number",
        params={"community": community, "number": number.strip().upper()},
        limit=1,
    )
    return found[0] if found else None
