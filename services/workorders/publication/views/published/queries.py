"""Reading what was published, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.workorders.orders.paging import Page, newest_first
from services.workorders.publication.views.published.projection import PUBLISHED, Row
from shared.following.reader import Reader


def page(reader: Reader, asked: Mapping[str, Any], *, where: str = "hidden = :no") -> Page[Row]:
    """Those of a community. Raises ``Invalid`` for a cursor that is none."""
    params = {"community": asked["community"], "yes": True, "no": False}
    parts = ("community = :community", where)
    return newest_first(reader, PUBLISHED, parts, params, asked, by="accepted_at")


def by_number(reader: Reader, community: str, number: str) -> Row | None:
    found = reader.rows(
        PUBLISHED,
        where="community = :community AND number = :number",
        params={"community": community, "number": number.strip().upper()},
        limit=1,
    )
    return found[0] if found else None
