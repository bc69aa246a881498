"""Reading inquiries, limited to what the caller may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.workorders.inquiries.views.inquiries.projection import INQUIRIES, Row
from services.workorders.orders.paging import Page, newest_first
from services.workorders.orders.views.order_board.queries import visible
from shared.following.reader import Reader
from shared.identity.caller import Caller

_EQUAL = ("community", "kind", "state")
OVERDUE = "state = 'open' AND due_at < :now"


def listed(reader: Reader, caller: Caller, asked: Mapping[str, Any], now: datetime) -> Page[Row]:
    """One page. Raises ``Invalid`` for a cursor that is none."""
    where, params = visible(caller, mine=asked["mine"], whose=("reporter",))
    for name in _EQUAL:
        if asked[name] is not None:
            where.append(f"{name} = :{name}")
            params[name] = asked[name]
    if asked["overdue"]:
        where.append(OVERDUE)
        params["now"] = now
    return newest_first(reader, INQUIRIES, where, params, asked)


def by_number(reader: Reader, community: str, number: str) -> Row | None:
    found = reader.rows(
        INQUIRIES,
        where="community = :community AND number = :number",
        params={"community": community, "number": number.strip().upper()},
        limit=1,
    )
    return found[0] if found else None
