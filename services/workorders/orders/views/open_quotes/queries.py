"""The quotes that wait for the caller's yes or no."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.workorders.orders.domain.vocabulary import COMMITTEE, MANAGER
from services.workorders.orders.views.open_quotes.projection import OPEN_QUOTES, Row
from services.workorders.orders.views.order_board.queries import places
from shared.following.reader import Reader
from shared.identity.caller import Caller

MOST = 200


def waiting_for(reader: Reader, caller: Caller, at: datetime) -> list[Row]:
    """The one that lapses next first."""
    ways = ["(accepter = :me AND payer = 'owner')"]
    params: dict[str, Any] = {"me": caller.person, "yes": True, "no": False, "at": at}
    for roles, whose in ((COMMITTEE, "payer = 'fund'"), (MANAGER, "answerer = 'manager'")):
        reach, own = places(caller, roles)
        if reach:
            # two roles may be held at different places
            mark = whose.partition(" ")[0]
            for name, value in own.items():
                params[f"{mark}_{name}"] = value
            here = " OR ".join(reach).replace(":", f":{mark}_")
            ways.append(f"({whose} AND ({here}))")
    found: list[Row] = reader.rows(
        OPEN_QUOTES,
        where=f"open = :yes AND merged = :no AND valid_until > :at AND ({' OR '.join(ways)})",
        params=params,
        order="valid_until, key",
        limit=MOST,
    )
    return found
